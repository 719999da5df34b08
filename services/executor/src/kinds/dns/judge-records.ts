import type { DnsConfig } from '@tocsin/contracts';
import type { CheckError } from '@tocsin/monitoring';

/** What does not hold of the records, if anything. Names are compared without case and final dot, texts as they are. */
export function recordsProblem(
  config: Pick<DnsConfig, 'expectedValues' | 'match' | 'recordType'>,
  values: readonly string[],
): CheckError | undefined {
  if (values.length === 0)
    return { code: 'dns_no_records', message: `there is no ${config.recordType} record` };
  if (config.expectedValues === undefined) return undefined;
  const canonical = (value: string) => canonicalValue(config.recordType, value);
  const found = new Set(values.map(canonical));
  const expected = new Set(config.expectedValues.map(canonical));
  const missing = [...expected].filter((value) => !found.has(value));
  switch (config.match) {
    case 'any':
      return missing.length < expected.size ? undefined : mismatch('none of the expected values is there');
    case 'all':
      return missing.length === 0
        ? undefined
        : mismatch(`${missing.length} of the expected values are missing`);
    case 'exact':
      if (missing.length > 0) return mismatch(`${missing.length} of the expected values are missing`);
      return found.size === expected.size
        ? undefined
        : mismatch(`${found.size - expected.size} values are there that were not expected`);
    default:
      return config.match satisfies never;
  }
}

const mismatch = (message: string): CheckError => ({ code: 'dns_mismatch', message });

function canonicalValue(recordType: DnsConfig['recordType'], value: string): string {
  if (recordType === 'TXT') return value;
  return value
    .trim()
    .toLowerCase()
    .split(/\s+/)
    .map((word) => (word.length > 1 ? word.replace(/\.$/, '') : word))
    .join(' ');
}
