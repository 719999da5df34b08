import { Paper, SegmentedControl, Stack, Text, Title, useMantineColorScheme } from '@mantine/core';
import type { ReactNode } from 'react';
import { Facts } from '../../parts/facts.js';
import { PageHeader } from '../../parts/page-header.js';
import { useUser } from '../../session/session.js';
import { ChangePassword } from './change-password.js';
import { OwnSessions } from './own-sessions.js';
import { TwoFactor } from './two-factor.js';

const ROLES = {
  viewer: 'viewer: sees everything but secrets',
  editor: 'editor: changes what is watched and who is told',
  admin: 'administrator: manages users and tokens as well',
} as const;

export function Account() {
  const user = useUser();
  if (user === undefined) return null;
  return (
    <>
      <PageHeader title="Your account" />
      <Stack gap="md" maw={720}>
        <Section title="You">
          <Facts
            facts={[
              ['Name', user.name],
              ['E-mail', user.email],
              ['Role', ROLES[user.role]],
            ]}
          />
        </Section>
        <Section title="Colours">
          <Colours />
        </Section>
        {user.hasPassword ? (
          <>
            <Section title="Password" about="All your other sessions end when you change it.">
              <ChangePassword email={user.email} />
            </Section>
            <Section
              title="Two-factor sign-in"
              about="Besides the password, a code of an app on your phone. Who learns your password still cannot sign in."
            >
              <TwoFactor isOn={user.twoFactor} />
            </Section>
          </>
        ) : (
          <Section title="Signing in">
            <Text>You sign in elsewhere: password and second factor are managed there.</Text>
          </Section>
        )}
        <Section title="Sessions" about="Where you are signed in.">
          <OwnSessions />
        </Section>
      </Stack>
    </>
  );
}

interface SectionProps {
  readonly title: string;
  readonly about?: string;
  readonly children: ReactNode;
}

const Section = ({ title, about, children }: SectionProps) => (
  <Paper component="section" withBorder p="md" aria-label={title}>
    <Title order={2} mb={about === undefined ? 'xs' : 2}>
      {title}
    </Title>
    {about !== undefined && (
      <Text c="dimmed" size="sm" mb="sm">
        {about}
      </Text>
    )}
    {children}
  </Paper>
);

function Colours() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <SegmentedControl
      aria-label="Colours"
      value={colorScheme}
      onChange={(value) => setColorScheme(value)}
      data={[
        { value: 'auto', label: 'As the system' },
        { value: 'light', label: 'Light' },
        { value: 'dark', label: 'Dark' },
      ]}
    />
  );
}
