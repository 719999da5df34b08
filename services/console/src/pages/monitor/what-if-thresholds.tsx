import { NumberInput, SimpleGrid } from '@mantine/core';
import type { MonitorView } from '@tocsin/http-api';
import { useState } from 'react';
import { WhatIf } from '../../parts/what-if/what-if-panel.js';
import { changeOf } from '../../parts/what-if/what-if-words.js';
import { Panel } from './panel.js';

/** Other thresholds, tried on the past. */
export function WhatIfThresholds({ monitor }: { readonly monitor: MonitorView }) {
  const { failureThreshold, recoveryThreshold } = monitor.alertConfig;
  const [now, setNow] = useState({ failureThreshold, recoveryThreshold });
  const field = (name: keyof typeof now, label: string) => (
    <NumberInput
      label={label}
      size="sm"
      min={1}
      max={1_000}
      allowDecimal={false}
      clampBehavior="strict"
      value={now[name]}
      onChange={(value) => typeof value === 'number' && setNow({ ...now, [name]: Math.max(1, value) })}
    />
  );
  return (
    <Panel title="What if">
      <SimpleGrid cols={2} spacing="sm" mb="sm">
        {field('failureThreshold', 'Failures in a row')}
        {field('recoveryThreshold', 'Successes in a row')}
      </SimpleGrid>
      <WhatIf
        kind="monitor"
        id={monitor.id}
        change={() => changeOf({ failureThreshold, recoveryThreshold }, now)}
      />
    </Panel>
  );
}
