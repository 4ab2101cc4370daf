import type { OperationName } from '../load/operations.ts';
import type { Cost } from './cost.ts';
import type { Algorithm, Primitives } from './primitives.ts';

/**
 * The least an operation can cost on one core of this machine: the sum of what nobody can leave out. `http` is what HTTP alone costs with
 * the operation's own messages. `cpu` in microseconds of CPU, `elapsed` with the wait for the disk on the event loop, so that
 * 10⁶ / elapsed is the highest rate.
 */
export function limitOf(name: OperationName, alg: Algorithm, http: number, measured: Primitives): Cost {
  const { mint, digest, lookUp, insert, rotate } = measured;
  const sign = measured.sign[alg];
  const verify = measured.verify[alg];
  const cost = (cpu: number, ...writes: readonly Cost[]): Cost => ({
    cpu: writes.reduce((total, write) => total + write.cpu, cpu),
    elapsed: writes.reduce((total, write) => total + write.elapsed, cpu),
  });
  // Whoever redeems a code or refresh token finds a row, compares a digest, signs two tokens and makes the next secret.
  const redeem = lookUp + digest + 2 * sign + mint;
  switch (name) {
    case 'discovery':
    case 'jwks':
      return cost(http);
    case 'client_credentials':
      return cost(http + sign);
    case 'refresh':
      return cost(http + redeem, rotate);
    case 'authorize':
      return cost(http + mint, insert);
    case 'code':
      return cost(http + mint + redeem + digest, insert, rotate);
    case 'introspect-once':
      return cost(http + verify);
    case 'introspect-hot':
      return cost(http + digest);
    case 'userinfo-once':
      return cost(http + verify);
    case 'userinfo-hot':
      return cost(http + digest);
  }
}
