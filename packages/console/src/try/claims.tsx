import { Code, Paper, Stack, Text, Title } from '@mantine/core';
import { ItemTable } from '../ui/list.tsx';
import type { Answered } from './flow.ts';
import type { Reasons } from './reasons.ts';

const EXACT = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const TIMES = ['exp', 'iat', 'nbf', 'auth_time', 'updated_at'];

/** A value of JSON as it is read by people; moments of NumericDate with the moment in words (RFC 7519 §2). */
export function ValueText({ name, value }: Readonly<{ name: string; value: unknown }>) {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return (
    <>
      <Code className="break">{text}</Code>
      {TIMES.includes(name) && typeof value === 'number' && (
        <Text size="sm" c="dimmed">
          {EXACT.format(new Date(value * 1000))}
        </Text>
      )}
    </>
  );
}

type ClaimsProps = Readonly<{ label: string; claims: Answered; reasons: Reasons }>;

/** Claims with the reason why each is there. */
export function Claims({ label, claims, reasons }: ClaimsProps) {
  return (
    <ItemTable
      label={label}
      items={Object.entries(claims)}
      keyOf={([name]) => name}
      columns={[
        { head: 'Claim', cell: ([name]) => <Text fw={600}>{name}</Text> },
        { head: 'Value', cell: ([name, value]) => <ValueText name={name} value={value} /> },
        {
          head: 'Why it is there',
          cell: ([name]) => reasons[name] ?? 'The provider, the application or its resource says so.',
        },
      ]}
    />
  );
}

/** Header and claims of a JWT as they stand in it; undefined when the text is none. */
export function decoded(token: unknown): Readonly<{ header: Answered; claims: Answered }> | undefined {
  if (typeof token !== 'string' || token.split('.').length !== 3) return undefined;
  try {
    const [header = {}, claims = {}] = token.split('.').slice(0, 2).map(partOf);
    return { header, claims };
  } catch {
    return undefined;
  }
}

function partOf(part: string): Answered {
  const bytes = Uint8Array.from(atob(part.replaceAll('-', '+').replaceAll('_', '/')), (one) =>
    one.charCodeAt(0),
  );
  return JSON.parse(new TextDecoder().decode(bytes)) as Answered;
}

type TokenProps = Readonly<{ title: string; token: unknown; reasons: Reasons; says?: string | undefined }>;

/** A token taken apart; an opaque one is said to be so. */
export function Token({ title, token, reasons, says }: TokenProps) {
  const parts = decoded(token);
  return (
    <Stack gap="xs">
      <Title order={2} size="h4">
        {title}
      </Title>
      {parts === undefined ? (
        <Text>It is opaque: only this server can read it.</Text>
      ) : (
        <>
          <Text size="sm" c="dimmed" className="break">
            {Object.entries(parts.header)
              .map(([name, value]) => `${name} ${String(value)}`)
              .join(', ')}
            {says !== undefined && `; ${says}`}
          </Text>
          <Claims label={title} claims={parts.claims} reasons={reasons} />
        </>
      )}
    </Stack>
  );
}

/** A request with its answer, as they went over the wire. */
export function Exchange({
  title,
  sent,
  answered,
}: Readonly<{ title: string; sent: Answered; answered: Answered }>) {
  return (
    <Paper withBorder p="sm">
      <details>
        <summary>{title}</summary>
        <Lines label="Sent" of={sent} />
        <Lines label="Answered" of={answered} />
      </details>
    </Paper>
  );
}

function Lines({ label, of }: Readonly<{ label: string; of: Answered }>) {
  return (
    <Stack gap={2} mt="xs">
      <Text fw={600} size="sm">
        {label}
      </Text>
      {Object.entries(of).map(([name, value]) => (
        <Text key={name} size="sm" className="break" ff="monospace">
          {name}: {typeof value === 'string' ? value : JSON.stringify(value)}
        </Text>
      ))}
    </Stack>
  );
}
