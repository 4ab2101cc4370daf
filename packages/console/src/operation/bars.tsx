import { Paper, Text, VisuallyHidden } from '@mantine/core';
import type { Series } from '../api/statistics.ts';

const HEIGHT = 100;
const WIDTH = 10;
const HOUR = new Intl.DateTimeFormat(undefined, { dateStyle: 'short', timeStyle: 'short' });

const said = (at: string | undefined): string => (at === undefined ? '' : HOUR.format(new Date(at)));

/** Counts over time as bars; for those who do not see them, as a sentence. */
export function Bars({ label, kind, points }: Series) {
  const highest = Math.max(0, ...points.map(({ value }) => value));
  const sum = points.reduce((total, { value }) => total + value, 0);
  return (
    <Paper withBorder p="md" component="figure" m={0}>
      <Text component="figcaption" fw={600} mb="xs">
        {label}{' '}
        <Text span c="dimmed" fw={400}>
          {sum.toLocaleString()}
        </Text>
      </Text>
      <svg
        className="bars"
        viewBox={`0 0 ${points.length * WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        {points.map(({ at, value }, index) => {
          const height = value === 0 ? 1 : Math.max(3, (value / highest) * HEIGHT);
          const place = { x: index * WIDTH + 1, y: HEIGHT - height, width: WIDTH - 2, height };
          return (
            <rect key={at} className={value === 0 ? 'none' : kind} {...place}>
              <title>{`${said(at)}: ${value}`}</title>
            </rect>
          );
        })}
      </svg>
      <Text size="xs" c="dimmed" aria-hidden="true">
        {said(points[0]?.at)} – {said(points.at(-1)?.at)}
        {highest > 0 && `, ${highest.toLocaleString()} at most`}
      </Text>
      <VisuallyHidden>
        {`${sum} in ${points.length} spans of time, ${highest} in the one with the most.`}
      </VisuallyHidden>
    </Paper>
  );
}
