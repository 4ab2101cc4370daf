import { Button, CloseButton, Fieldset, Group, Stack, Text, TextInput } from '@mantine/core';
import { useRef } from 'react';

type UriListProps = Readonly<{
  label: string;
  says: string;
  example: string;
  values: readonly string[];
  onChange: (values: readonly string[]) => void;
  faultOf: (text: string) => string | undefined;
  hintOf?: (text: string) => string | undefined;
  /** What the server said of them. */
  refused?: string | undefined;
}>;

/** Addresses one below the other, each judged while it is typed. */
export function UriList({ label, says, example, values, onChange, faultOf, hintOf, refused }: UriListProps) {
  const rows = values.length === 0 ? [''] : values;
  // An entry has no name but its place.
  const placed = rows.map((value, index) => ({ value, index }));
  const group = useRef<HTMLFieldSetElement>(null);
  const add = (): void => {
    onChange([...rows, '']);
    requestAnimationFrame(() => [...(group.current?.querySelectorAll('input') ?? [])].at(-1)?.focus());
  };
  return (
    <Fieldset legend={label} ref={group}>
      <Stack gap="xs">
        <Text size="sm" c="dimmed">
          {says}
        </Text>
        {placed.map(({ value, index }) => (
          <Group key={index} align="flex-start" gap="xs" wrap="nowrap">
            <TextInput
              flex={1}
              type="url"
              inputMode="url"
              autoComplete="off"
              spellCheck={false}
              aria-label={rows.length === 1 ? label : `${label}, ${index + 1}`}
              placeholder={example}
              value={value}
              error={value === '' ? undefined : faultOf(value)}
              description={value === '' || faultOf(value) !== undefined ? undefined : hintOf?.(value)}
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              onChange={(event) => onChange(rows.with(index, event.currentTarget.value.trim()))}
            />
            {rows.length > 1 && (
              <CloseButton
                aria-label={`Remove ${value === '' ? 'the empty line' : value}`}
                onClick={() => onChange(rows.filter((_, at) => at !== index))}
              />
            )}
          </Group>
        ))}
        {refused !== undefined && (
          <Text size="sm" c="var(--mantine-color-error)" role="alert">
            {refused}
          </Text>
        )}
        <Button variant="default" size="xs" onClick={add} style={{ alignSelf: 'flex-start' }}>
          Add another
        </Button>
      </Stack>
    </Fieldset>
  );
}
