/** Shows how far a long work is: one line that changes on a terminal, a line for each tenth elsewhere. Always on standard error. */
export type Progress = Readonly<{
  show(done: number, total: number, what: string): void;
  /** Ends the line that changes. */
  end(): void;
}>;

type Screen = Readonly<{ isTTY: boolean; write: (text: string) => boolean }>;

export function progress(unit: string, screen: Screen = process.stderr): Progress {
  let shown = -1;
  return {
    show: (done, total, what) => {
      const percent = total === 0 ? 100 : Math.floor((100 * done) / total);
      const step = screen.isTTY ? percent : Math.floor(percent / 10);
      if (step === shown) return;
      shown = step;
      const line = `${String(percent).padStart(3)} %  ${done} of ${total} ${unit}${what === '' ? '' : `  ${what}`}`;
      screen.write(screen.isTTY ? `\r\u001B[K${line}` : `${line}\n`);
    },
    end: () => {
      if (screen.isTTY && shown !== -1) screen.write('\n');
    },
  };
}
