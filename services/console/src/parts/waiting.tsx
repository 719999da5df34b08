import { Skeleton, Stack } from '@mantine/core';
import { useEffect, useState } from 'react';

/** Longer than most answers take: what is quick never flickers. */
const PATIENCE_MS = 200;

export function useIsSlow(isWaiting = true): boolean {
  const [isSlow, setSlow] = useState(false);
  useEffect(() => {
    if (!isWaiting) return undefined;
    const timer = setTimeout(() => setSlow(true), PATIENCE_MS);
    return () => {
      clearTimeout(timer);
      setSlow(false);
    };
  }, [isWaiting]);
  return isWaiting && isSlow;
}

const places = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `place ${index}`);

/** Holds the place of rows that are on their way; grey only when they take their time. */
export function Waiting({ rows = 6, height = 32 }: { readonly rows?: number; readonly height?: number }) {
  const isSlow = useIsSlow();
  return (
    <Stack gap={8} aria-busy="true" aria-label="Loading">
      {places(rows).map((row) => (
        <Skeleton key={row} height={height} style={{ visibility: isSlow ? 'visible' : 'hidden' }} />
      ))}
    </Stack>
  );
}
