import { Stack } from '@mantine/core';
import type { MonitorView } from '@tocsin/http-api';
import { HeartbeatAddress } from './heartbeat-address.js';
import { LatencyChart } from './latency-chart.js';
import { Locations } from './locations.js';
import classes from './monitor.module.css';
import { MonitorCertificate } from './monitor-certificate.js';
import { RecentChecks } from './recent-checks.js';
import { Settings } from './settings.js';
import { StatusChanges } from './status-changes.js';
import { UptimeTiles } from './uptime-tiles.js';
import { WhatIfThresholds } from './what-if-thresholds.js';

export function MonitorOverview({ monitor }: { readonly monitor: MonitorView }) {
  return (
    <Stack gap="md">
      {monitor.heartbeatUrl !== undefined && (
        <HeartbeatAddress url={monitor.heartbeatUrl} isNew={monitor.lastCheckAt === null} />
      )}
      <UptimeTiles id={monitor.id} />
      <RecentChecks monitor={monitor} />
      {monitor.type !== 'heartbeat' && <LatencyChart monitor={monitor} />}
      <Locations id={monitor.id} />
      <div className={classes.columns}>
        <StatusChanges id={monitor.id} />
        <Stack gap="md">
          {(monitor.type === 'website' || monitor.target.startsWith('https:')) && (
            <MonitorCertificate id={monitor.id} />
          )}
          <Settings monitor={monitor} />
          {monitor.alertConfig.enabled && <WhatIfThresholds monitor={monitor} />}
        </Stack>
      </div>
    </Stack>
  );
}
