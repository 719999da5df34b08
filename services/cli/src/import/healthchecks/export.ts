import { z } from 'zod';
import { flag, listOf, number, text } from '../tolerant.js';

// Read from healthchecks/healthchecks: templates/docs/api.md (Management API v3) and hc/api/models.py.

export const checkSchema = z.looseObject({
  name: text,
  slug: text,
  tags: text,
  desc: text,
  grace: number,
  status: text,
  timeout: number,
  schedule: text,
  tz: text,
  channels: text,
  methods: text,
  manual_resume: flag,
  filter_subject: flag,
  filter_body: flag,
  filter_http_body: flag,
  filter_default_fail: flag,
});
export type HealthchecksCheck = z.output<typeof checkSchema>;

export const channelSchema = z.looseObject({ id: text, name: text, kind: text });

export const exportSchema = z.looseObject({ checks: listOf(checkSchema), channels: listOf(channelSchema) });
