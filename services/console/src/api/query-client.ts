import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError, isPassing } from './api-error.js';

/** @param onSignedOut the api does not know who asks any more */
export function createQueryClient(onSignedOut: () => void): QueryClient {
  const onError = (error: unknown) => {
    if (error instanceof ApiError && error.code === 'unauthorized') onSignedOut();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({
      onError: (error, _given, _result, mutation) => {
        // Whoever signs in with a wrong password is where they should be.
        if (mutation.meta?.staysHere !== true) onError(error);
      },
    }),
    defaultOptions: {
      queries: {
        // What may change by itself arrives over the live stream.
        staleTime: 15_000,
        retry: (count, error) => count < 3 && isPassing(error),
        retryDelay: (count) => Math.min(8_000, 500 * 2 ** count),
      },
    },
  });
}
