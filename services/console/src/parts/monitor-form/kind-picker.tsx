import { SimpleGrid, Text } from '@mantine/core';
import { MONITOR_KINDS, type MonitorKind } from '@tocsin/monitoring';
import { MONITOR_KIND_WORDS } from '../monitor-kinds.js';
import classes from './monitor-form.module.css';

interface KindPickerProps {
  readonly value: MonitorKind;
  readonly onPick: (kind: MonitorKind) => void;
}

/** What is watched: one of the kinds, each with what it is for. */
export function KindPicker({ value, onPick }: KindPickerProps) {
  return (
    <fieldset style={{ border: 0, margin: 0, padding: 0 }}>
      <legend className="visually-hidden">Kind of monitor</legend>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs">
        {MONITOR_KINDS.map((kind) => {
          const { icon: Icon, word, about } = MONITOR_KIND_WORDS[kind];
          return (
            <label key={kind} className={classes.kind}>
              <input type="radio" name="kind" checked={kind === value} onChange={() => onPick(kind)} />
              <Icon size={16} aria-hidden />
              <span>
                <Text component="span" size="sm" fw={500} display="block">
                  {word}
                </Text>
                <Text component="span" size="xs" c="dimmed" display="block">
                  {about}
                </Text>
              </span>
            </label>
          );
        })}
      </SimpleGrid>
    </fieldset>
  );
}
