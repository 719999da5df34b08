import { alertExplanation, explanationQuery, targetExplanation } from './explanation.js';
import { body, json, type Route, route } from './route.js';
import { whatIfAnswer, whatIfInput } from './what-if.js';

/** Why things were as they were, and how they would have been. */
export const explainRoutes: readonly Route[] = [
  route(
    'alerts',
    'explainAlert',
    'get',
    '/alerts/{id}/explanation',
    'From the checks to the last attempt, and who was not told and why',
    json(alertExplanation),
  ),
  route(
    'monitors',
    'explainMonitor',
    'get',
    '/monitors/{id}/explanation',
    'Why there was an alert at an instant, or none',
    json(targetExplanation),
    { query: explanationQuery },
  ),
  route(
    'jobs',
    'explainJob',
    'get',
    '/jobs/{id}/explanation',
    'Why there was an alert at an instant, or none',
    json(targetExplanation),
    { query: explanationQuery },
  ),
  {
    ...route(
      'alerts',
      'whatIf',
      'post',
      '/what-if',
      'What another alertConfig would have made of the past; nothing is changed',
      json(whatIfAnswer),
      { body: body(whatIfInput), errors: ['not_found'] },
    ),
    scope: 'read',
  },
];
