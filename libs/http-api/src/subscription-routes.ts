import { providerTestAnswer } from './notification-providers.js';
import { body, crud, json, list, type Route, route } from './route.js';
import * as subscriptions from './subscriptions.js';

const TAG = 'subscriptions';
const view = json(subscriptions.subscriptionView);

export const subscriptionRoutes: readonly Route[] = [
  ...crud({
    tag: TAG,
    noun: 'Subscription',
    label: 'webhook subscription',
    input: subscriptions.subscriptionInput,
    patch: subscriptions.subscriptionPatch,
    view: subscriptions.subscriptionView,
    page: subscriptions.subscriptionPage,
    listQuery: subscriptions.subscriptionListQuery,
  }),
  list(
    TAG,
    'listSubscriptionAttempts',
    '/subscriptions/{id}/attempts',
    'The last attempts, newest first',
    subscriptions.subscriptionAttemptPage,
    subscriptions.subscriptionAttemptQuery,
  ),
  route(
    TAG,
    'resumeSubscription',
    'post',
    '/subscriptions/{id}/resume',
    'Switch on, and try again now',
    view,
  ),
  route(
    TAG,
    'replaySubscription',
    'post',
    '/subscriptions/{id}/replay',
    'Send again from an instant, or go on from there',
    view,
    { body: body(subscriptions.replayInput) },
  ),
  route(
    TAG,
    'rotateSubscriptionSecret',
    'post',
    '/subscriptions/{id}/rotate-secret',
    'Another signing secret; it is shown once',
    view,
    { body: body(subscriptions.rotationInput, false) },
  ),
  route(
    TAG,
    'testSubscription',
    'post',
    '/subscriptions/{id}/test',
    'Send a ping now',
    json(providerTestAnswer),
  ),
];
