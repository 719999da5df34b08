import { Group, Kbd, Modal, Table } from '@mantine/core';
import { NAV, SETTINGS } from '../nav-entries.js';

const ROWS: readonly (readonly [keys: readonly string[], what: string])[] = [
  [['/'], 'Search in this page, or everywhere'],
  [['Ctrl', 'K'], 'Go to or do anything (⌘ K on a Mac)'],
  ...[...NAV, ...SETTINGS].flatMap(({ key, label }) =>
    key === undefined ? [] : [[['g', key], label] as const],
  ),
  [['?'], 'This list'],
];

export default function ShortcutList({ onClose }: { readonly onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title="Keyboard shortcuts" closeButtonProps={{ 'aria-label': 'Close' }}>
      <Table>
        <Table.Tbody>
          {ROWS.map(([keys, what]) => (
            <Table.Tr key={what}>
              <Table.Td w={112}>
                <Group gap={4}>
                  {keys.map((key) => (
                    <Kbd key={key} size="xs">
                      {key}
                    </Kbd>
                  ))}
                </Group>
              </Table.Td>
              <Table.Td>{what}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  );
}
