import { NO_ROUTE } from './exchange.ts';
import type { TenantApp } from './tenant-app.ts';

/** The path of a request as it is mounted, from the path as it was sent. */
export type RouteLabel = (pathname: string) => string;

/** Labels from the table of what is mounted, so that there are never more of them than routes. */
export function routeLabels(app: TenantApp): RouteLabel {
  const paths = [...new Set(app.routes.map(({ path }) => path))];
  const plain = new Set(paths.filter((path) => !isPattern(path)));
  const patterns = paths.filter(isPattern).map((path) => ({ path, fits: fittingTo(path) }));
  return (pathname) => {
    if (plain.has(pathname)) return pathname;
    return patterns.find(({ fits }) => fits.test(pathname))?.path ?? NO_ROUTE;
  };
}

const isPattern = (path: string): boolean => /[:*]/.test(path);

/** Parameters such as `:id` stand for one part of a path, and `*` for all the rest. */
function fittingTo(path: string): RegExp {
  const parts = path.split('/').map((part) => {
    if (part === '*') return '.*';
    return part.startsWith(':') ? '[^/]+' : part.replaceAll(/[^\w-]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('/')}$`);
}
