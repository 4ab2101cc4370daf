import { Button, Code, CopyButton, Group, Paper, Stack, Text } from '@mantine/core';

/** Copies a text and says that it did. */
export function Copy({ text, label }: Readonly<{ text: string; label: string }>) {
  return (
    <CopyButton value={text} timeout={2000}>
      {({ copied, copy }) => (
        <Button variant="default" size="xs" flex="none" onClick={copy} aria-label={`Copy ${label}`}>
          <span aria-live="polite">{copied ? 'Copied' : 'Copy'}</span>
        </Button>
      )}
    </CopyButton>
  );
}

/** A value that is needed elsewhere, with a button that copies it. */
export function CopyField({ label, value }: Readonly<{ label: string; value: string }>) {
  return (
    <Stack gap={4}>
      <Text size="sm" fw={500}>
        {label}
      </Text>
      <Group gap="xs" wrap="nowrap">
        <Code className="break" flex="0 1 auto" fz="sm">
          {value}
        </Code>
        <Copy text={value} label={label} />
      </Group>
    </Stack>
  );
}

/** Lines of a program or a file, to take as they are. */
export function Snippet({ text, label }: Readonly<{ text: string; label: string }>) {
  return (
    <Paper withBorder p="sm">
      <Group justify="space-between" mb="xs">
        <Text size="sm" c="dimmed">
          {label}
        </Text>
        <Copy text={text} label={label} />
      </Group>
      <Code
        block
        className="scroll"
        bg="transparent"
        p={0}
        fz="sm"
        tabIndex={0}
        role="region"
        aria-label={label}
      >
        {text}
      </Code>
    </Paper>
  );
}
