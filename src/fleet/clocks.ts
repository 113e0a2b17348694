// How far the clocks of hosts are from this one's: by what they answer, as NTP has it (RFC 5905 8).

/** Answers that are remembered of a host: the quickest says most. */
const KEPT = 8;

/** A clock against this one's, in milliseconds: ahead where positive, give or take `error`. */
export interface ClockOffset {
  readonly offset: number;
  readonly error: number;
}

export class ClockEstimate {
  private answers: ClockOffset[] = [];

  /**
   * @param sent when it was asked, by this clock
   * @param came when the answer came
   * @param time when the answer was sent, by the host's clock
   * @param held milliseconds that the question lay at the host
   */
  add(sent: number, came: number, time: number, held: number): void {
    const round = came - sent - held;
    if (!(round >= 0) || !(held >= 0)) return;
    // Half the way there, and half the way back.
    const offset = time - held / 2 - (sent + came) / 2;
    if (!Number.isFinite(offset)) return;
    this.answers.push({ offset, error: round / 2 });
    if (this.answers.length > KEPT) this.answers.shift();
  }

  /** Null: nothing is known yet. */
  get best(): ClockOffset | null {
    return this.answers.reduce<ClockOffset | null>(
      (best, one) => (best === null || one.error < best.error ? one : best),
      null,
    );
  }
}
