import type { ReactNode } from 'react';

/** Names with their values; what has none is left out. */
export function Facts({ of }: Readonly<{ of: readonly (readonly [string, ReactNode])[] }>) {
  return (
    <dl className="facts">
      {of
        .filter(([, value]) => value !== undefined && value !== null && value !== '')
        .map(([name, value]) => (
          <div key={name} style={{ display: 'contents' }}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
