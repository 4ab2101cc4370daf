import { Alert, Code, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { refusalQuery } from '../api/queries.ts';
import type { Refusal } from '../api/types.ts';
import { Facts } from '../ui/facts.tsx';
import { Fault, Loading, Page } from '../ui/page.tsx';
import { Time } from '../ui/time.tsx';
import { Comparison } from './comparison.tsx';
import { ApplyFix } from './fix.tsx';

/** Why one request was refused, and what to do. */
export function RefusalPage() {
  const { reference } = useParams({ from: '/refusals/$reference' });
  const found = useQuery(refusalQuery(reference));
  if (found.isPending) return <Loading />;
  if (found.data === undefined) {
    return (
      <Page title={`Refusal ${reference}`}>
        <Fault fault={found.error} />
        <Text>
          A refusal is kept for a week. Compare the reference with the one on the page that the person saw.
        </Text>
      </Page>
    );
  }
  return <Explained refusal={found.data.body} />;
}

/** What was sent and what is registered, where the rule compares texts. */
function comparedOf({ received, registered, expected }: Readonly<Record<string, unknown>>) {
  const known = [registered ?? expected].flat().filter((value) => typeof value === 'string');
  return typeof received === 'string' ? { sent: received, registered: known } : undefined;
}

function Explained({ refusal }: Readonly<{ refusal: Refusal }>) {
  const { reference, at, rule, error, endpoint, client_id, says, fix, spec, setting, facts = {} } = refusal;
  const compared = comparedOf(facts);
  return (
    <Page
      title={says ?? rule}
      says={
        <>
          Refusal {reference}, <Time at={at} />
        </>
      }
    >
      {compared !== undefined && <Comparison {...compared} />}
      {fix !== undefined && fix !== '' && (
        <Alert variant="outline" title="What to do">
          <Stack align="flex-start">
            <Text>{fix}</Text>
            {compared !== undefined && <ApplyFix refusal={refusal} sent={compared.sent} />}
          </Stack>
        </Alert>
      )}
      <Title order={2} size="h4">
        The request
      </Title>
      <Facts
        of={[
          ['Application', client_id !== null && <Application key="client" clientId={client_id} />],
          ['Endpoint', endpoint],
          ['Answered with', <Code key="error">{error}</Code>],
          ['Rule', <Code key="rule">{rule}</Code>],
          ['Specification', spec],
          ['Decided by', setting && `${setting.name} of the ${setting.of}: ${textOf(setting.value)}`],
          ...Object.entries(facts)
            .filter(
              ([name]) => compared === undefined || !['received', 'registered', 'client_id'].includes(name),
            )
            .map(
              ([name, value]) =>
                [
                  name,
                  <Code key={name} className="break">
                    {textOf(value)}
                  </Code>,
                ] as const,
            ),
        ]}
      />
    </Page>
  );
}

function Application({ clientId }: Readonly<{ clientId: string }>) {
  return (
    <Link to="/applications/$clientId" params={{ clientId }}>
      {clientId}
    </Link>
  );
}

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
