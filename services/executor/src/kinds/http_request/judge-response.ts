import type { HttpRequestConfig } from '@tocsin/contracts';
import type { EgressResponse } from '@tocsin/egress';
import type { JsonValue } from '@tocsin/kernel';
import type { CheckError, Outcome } from '@tocsin/monitoring';
import { textOf } from '../../http/body-text.js';
import { isSame, selectJson } from '../../http/json-values.js';
import { isExpectedStatus } from '../../http/status-matcher.js';

export interface Judgement {
  readonly outcome: Outcome;
  readonly error?: CheckError | undefined;
}

const UP: Judgement = { outcome: 'up' };
const down = (code: string, message: string): Judgement => ({ outcome: 'down', error: { code, message } });

/** What the monitor asked for, held against what came back. The first thing that does not hold is named. */
export function judgeResponse(config: HttpRequestConfig, response: EgressResponse): Judgement {
  if (!isExpectedStatus(config.expectedStatusCodes, response.status))
    return down(
      'unexpected_status',
      `the status is ${response.status}, expected was ${config.expectedStatusCodes}`,
    );
  const keyword = judgeKeyword(config, response);
  if (keyword !== undefined) return keyword;
  const json = judgeJson(config, response);
  if (json !== undefined) return json;
  const limit = config.maxResponseTimeMs;
  const took = Math.round(response.timings.totalMs);
  if (limit === undefined || took <= limit) return UP;
  return {
    outcome: 'degraded',
    error: { code: 'slow_response', message: `the answer took ${took} ms, more than ${limit} ms` },
  };
}

function judgeKeyword(config: HttpRequestConfig, response: EgressResponse): Judgement | undefined {
  const keyword = config.keywordInBody;
  if (keyword === undefined) return undefined;
  const found = textOf(response).toLowerCase().includes(keyword.toLowerCase());
  if (found === config.keywordInBodyShouldBePresent) return undefined;
  const part = response.bodyTruncated ? ' in the part of the body that was read' : ' in the body';
  return found
    ? down('keyword_present', `the unwanted keyword is${part}`)
    : down('keyword_missing', `the keyword is not${part}`);
}

function judgeJson(config: HttpRequestConfig, response: EgressResponse): Judgement | undefined {
  const wanted = config.responseBodyJsonPath;
  if (wanted === undefined) return undefined;
  if (response.bodyTruncated) return down('body_too_large', 'the body is too large to be read as JSON');
  let body: JsonValue;
  try {
    body = JSON.parse(textOf(response)) as JsonValue;
  } catch {
    return down('body_not_json', 'the body is not JSON');
  }
  const values = selectJson(wanted.path, body);
  if (values === undefined)
    return {
      outcome: 'error',
      error: { code: 'invalid_config', message: `${wanted.path} cannot be evaluated` },
    };
  if (values.length === 0) return down('json_path_missing', `${wanted.path} selects nothing in the body`);
  if (values.some((value) => isSame(value, wanted.expectedValue))) return undefined;
  return down('json_path_mismatch', `${wanted.path} has another value than expected`);
}
