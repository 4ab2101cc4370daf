import { Alert, Button, Stack, Text, Title } from '@mantine/core';
import { type ErrorComponentProps, Link } from '@tanstack/react-router';

/** An address that leads nowhere. */
export function NotFound() {
  return (
    <Stack align="flex-start">
      <Title order={1}>There is no such page</Title>
      <Text>The address may be old, or what it showed was removed.</Text>
      <Link to="/">Go to the overview</Link>
    </Stack>
  );
}

/** A page that could not be shown at all. */
export function PageFault({ error, reset }: ErrorComponentProps) {
  return (
    <Alert color="red" title="This page could not be shown" role="alert">
      <Stack align="flex-start">
        <Text>{error instanceof Error ? error.message : String(error)}</Text>
        <Button variant="default" onClick={reset}>
          Try again
        </Button>
      </Stack>
    </Alert>
  );
}
