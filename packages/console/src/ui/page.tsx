import { Alert, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import { ApiError, otherFaults } from '../api/http.ts';
import { site } from '../site.ts';

type PageProps = Readonly<{ title: string; says?: ReactNode; actions?: ReactNode; children: ReactNode }>;

/** A page with its heading, what it is for, and what can be done at once. */
export function Page({ title, says, actions, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · ${site.name}`;
  }, [title]);
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="flex-start">
        <Stack gap={4} flex="1 1 16rem" miw={0}>
          <Title order={1} size="h2" className="break">
            {title}
          </Title>
          {says !== undefined && <Text c="dimmed">{says}</Text>}
        </Stack>
        {actions !== undefined && <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </Stack>
  );
}

/** What went wrong, with the reference that finds it in the log. */
export function Fault({ fault, fields = [] }: Readonly<{ fault: unknown; fields?: readonly string[] }>) {
  if (fault === null || fault === undefined) return null;
  const sentences = otherFaults(fault, fields);
  if (sentences.length === 0) return null;
  const { status, reference } =
    fault instanceof ApiError ? fault.problem : { status: 0, reference: undefined };
  return (
    <Alert color="red" title={titleFor(status)} role="alert">
      {sentences.map((text) => (
        <Text key={text}>{text}</Text>
      ))}
      {reference !== undefined && <Text size="sm">Reference: {reference}</Text>}
    </Alert>
  );
}

function titleFor(status: number): string {
  if (status === 0) return 'The server could not be reached';
  if (status === 403) return 'Your role does not allow this';
  if (status === 404) return 'This is not there (any more)';
  if (status === 412) return 'Somebody else changed this in the meantime';
  return status >= 500 ? 'The server has a problem' : 'This was not accepted';
}

/** The place of something that is on its way: quiet, and of about its size. */
export function Loading({ rows = 4 }: Readonly<{ rows?: number }>) {
  return (
    <Stack aria-busy="true" aria-label="Loading" role="status">
      {Array.from({ length: rows }, (_, row) => row).map((row) => (
        <Skeleton key={row} height={36} radius="md" />
      ))}
    </Stack>
  );
}

/** Nothing is here yet: says what would be, and how it gets here. */
export function Empty({ title, children }: Readonly<{ title: string; children: ReactNode }>) {
  return (
    <Stack align="flex-start" gap="xs" py="xl">
      <Text fw={600} size="lg">
        {title}
      </Text>
      {children}
    </Stack>
  );
}
