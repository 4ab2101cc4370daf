/** What was looked at, and what came of it: `advice` works but should be otherwise, `fault` does not work or is dangerous. */
export type Finding = Readonly<{
  area: 'issuer' | 'clock' | 'tls' | 'proxy' | 'database' | 'keys' | 'settings' | 'clients' | 'people';
  state: 'well' | 'advice' | 'fault';
  /** Absent where it concerns the whole server. */
  tenant?: string;
  message: string;
  /** What to change. */
  remedy?: string;
}>;

type Area = Finding['area'];

export const well = (area: Area, message: string): Finding => ({ area, state: 'well', message });

export const advice = (area: Area, message: string, remedy: string): Finding => ({
  area,
  state: 'advice',
  message,
  remedy,
});

export const faulty = (area: Area, message: string, remedy: string): Finding => ({
  area,
  state: 'fault',
  message,
  remedy,
});

export const ofTenant = (tenant: string, findings: readonly Finding[]): readonly Finding[] =>
  findings.map((finding) => ({ ...finding, tenant }));
