import { SimpleGrid, Stack, Text, Title } from '@mantine/core';
import type { ResultView } from '@tocsin/http-api';
import { sentence, words } from '../amounts.js';
import { Facts } from '../facts.js';
import { Instant } from '../instant.js';
import { Certificate } from './certificate.js';
import { Timings } from './timings.js';

/** All there is to know of one check. */
export function CheckResult({
  result,
  narrow = false,
}: {
  readonly result: ResultView;
  readonly narrow?: boolean;
}) {
  const observed = Object.entries(result.observed).map(
    ([name, value]) => [nameOf(name), String(value)] as const,
  );
  return (
    <Stack gap="md">
      {result.error !== null && (
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {sentence(result.error.message)}{' '}
          <Text span size="xs" c="dimmed">
            ({result.error.code})
          </Text>
        </Text>
      )}
      <SimpleGrid cols={narrow ? 1 : { base: 1, md: 2 }} spacing="lg">
        <Stack gap="md">
          <section aria-label="Timings">
            <Title order={3}>Timings</Title>
            <Timings timings={result.timings} />
          </section>
          <Facts
            facts={[
              ['Location', result.location],
              ['Attempts', result.attempts],
              ['Made', <Instant key="made" at={result.startedAt} clock />],
              ['Because', words(result.trigger)],
            ]}
          />
        </Stack>
        <Stack gap="md">
          {observed.length > 0 && (
            <section aria-label="Observed">
              <Title order={3}>Observed</Title>
              <Facts facts={observed} />
            </section>
          )}
          {result.certificate !== null && (
            <section aria-label="Certificate">
              <Title order={3}>Certificate</Title>
              <Certificate certificate={result.certificate} />
            </section>
          )}
        </Stack>
      </SimpleGrid>
    </Stack>
  );
}

/** `statusCode` → `Status code` */
const nameOf = (name: string): string =>
  sentence(words(name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()));
