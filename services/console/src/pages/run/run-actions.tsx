import { useQueryClient } from '@tanstack/react-query';
import type { RunDetail } from '@tocsin/http-api';
import { call } from '../../api/call.js';
import { about } from '../../api/queries.js';
import { ConfirmButton } from '../../parts/confirm-button.js';
import { isActive } from '../../parts/run-mark.js';
import { RunNow } from '../../parts/runs/run-now.js';
import { useMay } from '../../session/session.js';

/** Stop it while it goes on, or do it again. */
export function RunActions({ run }: { readonly run: RunDetail }) {
  const mayEdit = useMay('editor');
  const queries = useQueryClient();
  if (!mayEdit) return null;
  if (!isActive(run.status))
    return run.jobName !== null && run.trigger !== 'reported' ? (
      <RunNow jobId={run.jobId} name={run.jobName} word="Run again" />
    ) : null;
  return (
    <ConfirmButton
      question="Cancel this run?"
      consequence="Its tests are stopped where they are. It ends as cancelled, and raises no alert."
      confirm="Cancel the run"
      disabled={run.cancelRequestedAt !== null}
      onConfirm={async () => {
        await call('cancelRun', { params: { id: run.runId } });
        await queries.invalidateQueries({ queryKey: about('runs') });
      }}
    >
      Cancel run
    </ConfirmButton>
  );
}
