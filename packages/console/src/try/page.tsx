import { Alert, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { scopesQuery } from '../api/settings.ts';
import { Fault, Loading, Page } from '../ui/page.tsx';
import { Claims, decoded, Exchange, Token } from './claims.tsx';
import { finishTrial, type Outcome } from './flow.ts';
import { previewQuery, type Reasons, reasonsFor } from './reasons.ts';

/** The end of a trial: every step of the sign-in, and what the application would hold now. */
export function TryPage() {
  const found = useQuery({
    queryKey: ['trial'],
    queryFn: async () => (await finishTrial()) ?? null,
    staleTime: Infinity,
  });
  if (found.isPending) return <Loading rows={8} />;
  if (found.data === null || found.data === undefined) {
    return (
      <Page title="Try an application">
        <Fault fault={found.error} />
        <Text>No trial was begun in this tab, or it was looked at already. Begin one at an application.</Text>
        <Link to="/applications">Applications</Link>
      </Page>
    );
  }
  return <Shown outcome={found.data} />;
}

/** The server's own reasons where it tells them, and those of the protocol and the scopes. */
function useReasons({
  of,
  tokens = {},
}: Outcome): (kind: 'id_token' | 'access_token' | 'userinfo') => Reasons {
  const scope = typeof tokens['scope'] === 'string' ? tokens['scope'] : '';
  const scopes = useQuery(scopesQuery);
  const sub = decoded(tokens['id_token'])?.claims['sub'];
  const preview = useQuery(previewQuery(typeof sub === 'string' ? sub : '', of, scope));
  const usual = reasonsFor(scope, scopes.data ?? []);
  return (kind) => {
    const told: Reasons = Object.fromEntries(
      Object.entries(preview.data?.[kind] ?? {}).map(([name, { why }]) => [name, why]),
    );
    return { ...usual, ...told };
  };
}

function Shown({ outcome }: Readonly<{ outcome: Outcome }>) {
  const { of, steps, fault, tokens, userinfo, signature } = outcome;
  const reasons = useReasons(outcome);
  return (
    <Page
      title={fault === undefined ? 'The sign-in works' : 'The sign-in does not work'}
      says={
        <>
          A trial of{' '}
          <Link to="/applications/$clientId" params={{ clientId: of }} search={{ tab: 'try' }}>
            {of}
          </Link>
          . It is over, and its tokens with it; only an API that checks signatures by itself would take the
          access token until it ends.
        </>
      }
    >
      {fault !== undefined && (
        <Alert color="red" title="It went no further" role="alert">
          <Text>{fault}</Text>
          <Link to="/refusals">See what was refused</Link>
        </Alert>
      )}
      {tokens?.['id_token'] !== undefined && (
        <Token
          title="ID token"
          token={tokens['id_token']}
          reasons={reasons('id_token')}
          says={signature && (signature === 'good' ? 'its signature is good' : `signature: ${signature}`)}
        />
      )}
      {tokens !== undefined && (
        <Token title="Access token" token={tokens['access_token']} reasons={reasons('access_token')} />
      )}
      {userinfo !== undefined && (
        <Stack gap="xs">
          <Title order={2} size="h4">
            Userinfo
          </Title>
          <Claims label="Userinfo" claims={userinfo} reasons={reasons('userinfo')} />
        </Stack>
      )}
      <Stack gap="xs">
        <Title order={2} size="h4">
          Step by step
        </Title>
        {steps.map((step) => (
          <Exchange key={step.title} {...step} />
        ))}
      </Stack>
    </Page>
  );
}
