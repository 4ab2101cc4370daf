import { Stack, Tabs, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { accountQuery } from '../api/account.ts';
import { Facts } from '../ui/facts.tsx';
import { Fault, Loading, Page } from '../ui/page.tsx';
import { OwnConsents, OwnSessions } from './belongings.tsx';
import { OwnPassword } from './password.tsx';
import { OwnProfile } from './profile.tsx';

/** Everybody's own page: who they are here, and what rests on their account. */
export function AccountPage() {
  const account = useQuery(accountQuery);
  return (
    <Page title="Your account" says="What is known of you here, and who may use it.">
      {account.isPending && <Loading />}
      <Fault fault={account.error} />
      {account.data !== undefined && (
        <Tabs defaultValue="profile" keepMounted={false}>
          <Tabs.List mb="md">
            <Tabs.Tab value="profile">Profile</Tabs.Tab>
            <Tabs.Tab value="password">Password</Tabs.Tab>
            <Tabs.Tab value="sessions">Sessions</Tabs.Tab>
            <Tabs.Tab value="consents">Applications</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="profile">
            <Stack>
              <OwnProfile account={account.data} />
              <Facts of={[['Username', account.data.username]]} />
            </Stack>
          </Tabs.Panel>
          <Tabs.Panel value="password">
            <OwnPassword username={account.data.username} />
          </Tabs.Panel>
          <Tabs.Panel value="sessions">
            <Text mb="sm">Every browser in which you are signed in. Sign out where it is not you.</Text>
            <OwnSessions />
          </Tabs.Panel>
          <Tabs.Panel value="consents">
            <Text mb="sm">What you allowed to applications.</Text>
            <OwnConsents />
          </Tabs.Panel>
        </Tabs>
      )}
    </Page>
  );
}
