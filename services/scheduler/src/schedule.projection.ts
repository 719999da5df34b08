import { Controller, Inject } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { filters } from '@tocsin/contracts';
import type { FoldContext, InputEvent, Projection, ProjectionContext } from '@tocsin/event-log';
import type { Kysely } from 'kysely';
import { evolveSchedule } from './evolve-schedule.js';
import { heardBefore } from './heard.store.js';
import { recall } from './recall.js';
import type { MonitorSchedule } from './schedule.js';
import { saveSchedules, schedulesById } from './schedule.store.js';

export const SCHEDULE_PROJECTION: Projection = {
  name: 'scheduler',
  schema: 'scheduler',
  inputs: [
    { stream: 'CONFIG', subjects: () => [filters.allConfig], order: 0 },
    { stream: 'RESULTS', subjects: () => [filters.allHeartbeats], order: 1 },
  ],
};

/** Called once schedules have changed, after the commit. */
export const ON_CHANGED = Symbol('ON_CHANGED');

const isOfSchedule = ({ type }: InputEvent): boolean =>
  type === 'MonitorConfigured' || type === 'MonitorDeleted' || type === 'CheckCompleted';

interface ScheduleTables {
  readonly save: typeof saveSchedules;
  readonly heardOf: typeof heardBefore;
}
const LIVE: ScheduleTables = { save: saveSchedules, heardOf: heardBefore };

export async function foldSchedules(
  events: readonly InputEvent[],
  { tx, afterCommit }: FoldContext,
  onChanged: () => void,
  { save, heardOf }: ScheduleTables = LIVE,
): Promise<void> {
  const relevant = events.filter(isOfSchedule);
  if (relevant.length === 0) return;
  // 1. load
  const db: Kysely<unknown> = tx;
  const known = await schedulesById(db, [...new Set(relevant.map(({ entityId }) => entityId))]);
  const heartbeats = relevant.flatMap((event) =>
    event.type === 'MonitorConfigured' && event.data.type === 'heartbeat' ? [event.entityId] : [],
  );
  const heard = heartbeats.length === 0 ? undefined : await heardOf(db, heartbeats);
  // 2. decide
  const changed = new Map<string, MonitorSchedule>();
  for (const event of relevant) {
    const before = changed.get(event.entityId) ?? known.get(event.entityId);
    const after = evolveSchedule(before, event);
    if (after === undefined || after === before) continue;
    const isConfigured = event.type === 'MonitorConfigured';
    changed.set(event.entityId, isConfigured ? recall(after, heard?.get(event.entityId)) : after);
  }
  // 3. write
  await save(db, [...changed.values()]);
  if (changed.size > 0) afterCommit(onChanged);
}

@Controller()
export class ScheduleProjection {
  constructor(@Inject(ON_CHANGED) private readonly onChanged: () => void) {}

  @EventPattern<string>('scheduler')
  async fold(@Payload() events: InputEvent[], @Ctx() context: ProjectionContext): Promise<void> {
    await foldSchedules(events, context.fold, this.onChanged);
  }
}
