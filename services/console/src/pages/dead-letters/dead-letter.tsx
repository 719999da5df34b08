import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { AttemptView, NotificationView } from '@tocsin/http-api';
import { CircleCheck, RotateCw } from 'lucide-react';
import { call } from '../../api/call.js';
import { about, queryOf } from '../../api/queries.js';
import { plural, sentence, words } from '../../parts/amounts.js';
import { Instant } from '../../parts/instant.js';
import { TextLink } from '../../parts/links.js';
import { Mark } from '../../parts/mark.js';
import { Problem } from '../../parts/problem.js';
import { useMay } from '../../session/session.js';
import classes from './dead-letters.module.css';
import { eventWords, reasonWords } from './event-words.js';

/** Long enough for the notifier to try, and for the list to know. */
const SOON_MS = 2_000;

export function DeadLetter({ letter }: { readonly letter: NotificationView }) {
  const { id, alertId, alertEvent, providerId, providerName, reason, plannedAt, finishedAt, attempts } =
    letter;
  const mayEdit = useMay('editor');
  const queries = useQueryClient();
  const redrive = useMutation({
    mutationFn: () => call('redriveNotification', { params: { id } }),
    onSuccess: () =>
      void setTimeout(() => void queries.invalidateQueries({ queryKey: about('notifications') }), SOON_MS),
  });
  return (
    <li className={classes.letter}>
      <div className={classes.head}>
        <div className={classes.what}>
          <div>
            <What alertId={alertId} alertEvent={alertEvent} /> not told to{' '}
            <TextLink to="/providers/$id" params={{ id: providerId }}>
              {providerName}
            </TextLink>
          </div>
          {reason !== null && <div>{sentence(reasonWords(reason))}</div>}
          <div className={classes.quiet}>
            Planned <Instant at={plannedAt} />, given up <Instant at={finishedAt} />
          </div>
        </div>
        {mayEdit && redrive.isSuccess && <Mark tone="info" icon={CircleCheck} word="On its way again" />}
        {mayEdit && !redrive.isSuccess && (
          <Button
            variant="default"
            leftSection={<RotateCw size={14} aria-hidden />}
            loading={redrive.isPending}
            onClick={() => redrive.mutate()}
          >
            Deliver again
          </Button>
        )}
      </div>
      <Problem error={redrive.error} />
      {attempts.length > 0 && (
        <details className={classes.attempts}>
          <summary>{plural(attempts.length, 'attempt')}</summary>
          <ol>
            {attempts.map((attempt) => (
              <Attempt key={attempt.number} attempt={attempt} />
            ))}
          </ol>
        </details>
      )}
    </li>
  );
}

/** The alert it is about, by the name of its monitor or job. */
function What({ alertId, alertEvent }: Pick<NotificationView, 'alertId' | 'alertEvent'>) {
  const isAlert = alertEvent.startsWith('alert.');
  const alert = useQuery({
    ...queryOf('getAlert', { params: { id: alertId } }),
    enabled: isAlert,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (!isAlert) return eventWords(alertEvent);
  return (
    <TextLink to="/alerts/$id" params={{ id: alertId }} fw={500}>
      {eventWords(alertEvent)}
      {alert.data === undefined ? '' : ` of ${alert.data.targetName}`}
    </TextLink>
  );
}

const OUTCOMES: Readonly<Record<AttemptView['outcome'], string>> = {
  started: 'under way',
  delivered: 'delivered',
  not_now: 'not now',
  never: 'refused for good',
  interrupted: 'interrupted',
};

function Attempt({
  attempt: { number, startedAt, outcome, status, excerpt, reason },
}: {
  readonly attempt: AttemptView;
}) {
  const answer = status === null || status === 0 ? '' : `, it answered ${status}`;
  return (
    <li value={number}>
      <Instant at={startedAt} clock />: {OUTCOMES[outcome]}
      {answer}
      {reason === null ? '' : `. ${sentence(words(reason))}`}
      {excerpt !== '' && <code className={classes.excerpt}>{excerpt}</code>}
    </li>
  );
}
