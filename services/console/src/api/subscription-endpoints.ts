import type * as api from '@tocsin/http-api';
import type { z } from 'zod';
import { get, patch, post, put, remove } from './endpoint.js';

type Nothing = undefined;
interface Paged {
  readonly limit?: number;
  readonly cursor?: string;
}

export const subscriptionEndpoints = {
  listSubscriptions: get<z.output<typeof api.subscriptionPage>, Paged & { readonly enabled?: boolean }>()(
    '/subscriptions',
  ),
  createSubscription: post<api.SubscriptionView, z.input<typeof api.subscriptionInput>>()('/subscriptions'),
  getSubscription: get<api.SubscriptionView>()('/subscriptions/{id}'),
  replaceSubscription: put<api.SubscriptionView, z.input<typeof api.subscriptionInput>>()(
    '/subscriptions/{id}',
  ),
  updateSubscription: patch<api.SubscriptionView, z.input<typeof api.subscriptionPatch>>()(
    '/subscriptions/{id}',
  ),
  deleteSubscription: remove<Nothing>()('/subscriptions/{id}'),
  listSubscriptionAttempts: get<z.output<typeof api.subscriptionAttemptPage>, Paged>()(
    '/subscriptions/{id}/attempts',
  ),
  resumeSubscription: post<api.SubscriptionView>()('/subscriptions/{id}/resume'),
  replaySubscription: post<api.SubscriptionView, z.input<typeof api.replayInput>>()(
    '/subscriptions/{id}/replay',
  ),
  rotateSubscriptionSecret: post<api.SubscriptionView, z.input<typeof api.rotationInput>>()(
    '/subscriptions/{id}/rotate-secret',
  ),
  testSubscription: post<api.ProviderTestAnswer>()('/subscriptions/{id}/test'),
  listSubscriptionRevisions: get<z.output<typeof api.revisionPage>, Paged>()('/subscriptions/{id}/revisions'),
} as const;
