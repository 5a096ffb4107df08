/** Prints the story step by step and remembers whether every check held. */
export class Story {
  private steps = 0;
  private last = Date.now();
  checks = 0;
  failures = 0;

  step(title: string): void {
    this.last = Date.now();
    process.stdout.write(`\n${++this.steps}. ${title}\n`);
  }
  tell = (line: string): void => {
    const took = Date.now() - this.last;
    this.last = Date.now();
    process.stdout.write(`   ${line}${took > 1_000 ? `  (${(took / 1000).toFixed(1)} s)` : ''}\n`);
  };
  check(holds: boolean, line: string): void {
    this.checks++;
    if (!holds) this.failures++;
    this.tell(`${holds ? '✓' : '✗ DOES NOT HOLD:'} ${line}`);
  }
}
