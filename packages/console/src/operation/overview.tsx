import { Alert, NativeSelect, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { clientsQuery, refusalsQuery } from '../api/queries.ts';
import { statisticsQuery } from '../api/statistics.ts';
import { site } from '../site.ts';
import { CopyField } from '../ui/copy.tsx';
import { Fault, Loading, Page } from '../ui/page.tsx';
import { Time } from '../ui/time.tsx';
import { Bars } from './bars.tsx';

/** What happens here: how much, since when, and what needs a look. */
export function OverviewPage() {
  return (
    <Page title="Overview" says={site.issuer}>
      <FirstSteps />
      <Numbers />
      <LatestRefusals />
      <Paper withBorder p="md">
        <Stack gap="xs">
          <CopyField label="Issuer" value={site.issuer} />
          <CopyField label="Discovery" value={`${site.issuer}/.well-known/openid-configuration`} />
        </Stack>
      </Paper>
    </Page>
  );
}

/** Where nothing is registered yet, the first thing to do. */
function FirstSteps() {
  const clients = useInfiniteQuery(clientsQuery(undefined));
  if (clients.data?.pages[0]?.items.some(({ source }) => source !== 'built-in') !== false) return null;
  return (
    <Alert variant="outline" title="Begin here">
      <Link to="/applications/new">Register the first application</Link>, and people can sign in to it.
    </Alert>
  );
}

function Numbers() {
  const { span = 'hour' } = useSearch({ from: '/' });
  const navigate = useNavigate();
  const found = useQuery(statisticsQuery(span));
  const choose = (to: string): void =>
    void navigate({ to: '/', search: to === 'day' ? { span: 'day' } : {}, replace: true });
  return (
    <>
      <NativeSelect
        aria-label="Time"
        w="fit-content"
        value={span}
        onChange={(event) => choose(event.currentTarget.value)}
        data={[
          { value: 'hour', label: 'The last day, by hours' },
          { value: 'day', label: 'The last 30 days, by days' },
        ]}
      />
      {found.isPending && <Loading rows={6} />}
      <Fault fault={found.error} />
      <SimpleGrid cols={{ base: 1, sm: 2, xl: 3 }}>
        {found.data?.map(({ name, ...one }) => (
          <Bars key={name} name={name} {...one} />
        ))}
      </SimpleGrid>
    </>
  );
}

const MOST = 5;

function LatestRefusals() {
  const found = useInfiniteQuery({ ...refusalsQuery({}), refetchInterval: 10_000 });
  const latest = (found.data?.pages[0]?.items ?? []).slice(0, MOST);
  if (latest.length === 0) return null;
  return (
    <Paper withBorder p="md">
      <Title order={2} size="h4" mb="sm">
        Refused lately
      </Title>
      <Stack gap="xs">
        {latest.map(({ reference, says, rule, client_id, at }) => (
          <Text key={reference} className="break">
            <Link to="/refusals/$reference" params={{ reference }}>
              {says ?? rule}
            </Link>{' '}
            <Text span size="sm" c="dimmed">
              {client_id ?? 'unknown application'}, <Time at={at} />
            </Text>
          </Text>
        ))}
      </Stack>
    </Paper>
  );
}
