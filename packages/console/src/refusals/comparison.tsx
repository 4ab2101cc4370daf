import { Paper, Stack, Text } from '@mantine/core';
import { byLikeness, difference, type Piece, probableCause } from './difference.ts';

type ComparisonProps = Readonly<{ sent: string; registered: readonly string[] }>;

/** What was sent against what is registered, with the characters marked that differ. */
export function Comparison({ sent, registered }: ComparisonProps) {
  const [nearest, ...others] = byLikeness(sent, registered);
  if (nearest === undefined) return <Sent text={sent} />;
  const pieces = difference(sent, nearest);
  const cause = probableCause(sent, nearest);
  return (
    <Stack>
      <Paper withBorder p="md">
        <Stack gap="sm">
          <Line label="Sent" kind="sent" pieces={pieces.sent} />
          <Line label="Registered" kind="registered" pieces={pieces.registered} />
          {cause !== undefined && <Text fw={600}>{cause}</Text>}
        </Stack>
      </Paper>
      {others.length > 0 && (
        <Text size="sm" c="dimmed" className="break">
          Also registered: {others.join(', ')}
        </Text>
      )}
    </Stack>
  );
}

function Sent({ text }: Readonly<{ text: string }>) {
  return (
    <Paper withBorder p="md">
      <Line label="Sent" kind="sent" pieces={[{ text, differs: false }]} />
      <Text c="dimmed">Nothing is registered to compare it with.</Text>
    </Paper>
  );
}

type LineProps = Readonly<{ label: string; kind: 'sent' | 'registered'; pieces: readonly Piece[] }>;

function Line({ label, kind, pieces }: LineProps) {
  const placed = pieces.map((piece, index) => ({ ...piece, index }));
  return (
    <div>
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <p className="characters">
        {placed.map(({ text, differs, index }) =>
          differs ? (
            <mark key={index} className={kind}>
              {text}
            </mark>
          ) : (
            text
          ),
        )}
      </p>
    </div>
  );
}
