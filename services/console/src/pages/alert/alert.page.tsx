import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { ApiError } from '../../api/api-error.js';
import { queryOf } from '../../api/queries.js';
import { AcknowledgeButton } from '../../parts/acknowledge-button.js';
import { AlertMark } from '../../parts/alert-mark.js';
import { predicateOf } from '../../parts/alert-words.js';
import { TextLink } from '../../parts/links.js';
import { PageHeader } from '../../parts/page-header.js';
import { Problem } from '../../parts/problem.js';
import { Waiting } from '../../parts/waiting.js';
import { NotFound } from '../../shell/not-found.js';
import classes from './alert.module.css';
import { AlertFacts } from './alert-facts.js';
import { Explanation } from './explanation.js';
import { Timeline } from './timeline-list.js';

const route = getRouteApi('/in/alerts/$id');

export function Alert() {
  const { id } = route.useParams();
  const query = useQuery(queryOf('getAlert', { params: { id } }));
  if (query.isPending) return <Waiting rows={10} />;
  if (query.isError)
    return query.error instanceof ApiError && query.error.status === 404 ? (
      <NotFound />
    ) : (
      <Problem error={query.error} retry={() => void query.refetch()} />
    );
  const alert = query.data;
  return (
    <>
      <PageHeader
        title={`${alert.targetName} ${predicateOf(alert)}`}
        above={<TextLink to="/alerts">Alerts</TextLink>}
        about={alert.why}
        beside={<AlertMark {...alert} />}
        actions={<AcknowledgeButton {...alert} withNote />}
      />
      <div className={classes.columns}>
        <section aria-labelledby="story" className={classes.story}>
          <h2 id="story" className={classes.heading}>
            What happened
          </h2>
          <Timeline alert={alert} />
          <Explanation id={id} />
        </section>
        <AlertFacts alert={alert} />
      </div>
    </>
  );
}
