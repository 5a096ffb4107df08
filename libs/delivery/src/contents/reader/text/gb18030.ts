/** What Chinese text in GB18030 shows by and large: characters of level 1 of GB 2312, full-width letters and marks. */
const COMMON_SHARE = 0.7;
/** So many different characters of Chinese go beyond where Korean ends (KS X 1001 in EUC-KR has its syllables up to there). */
const ENOUGH = 20;
const KOREAN_END = 0xc8;

/**
 * Almost any bytes decode as GB18030, Western and other Asian encodings too, into characters that nobody wrote. Of text that is meant,
 * most characters are common ones.
 */
export class Gb18030Plausibility {
  private all = 0;
  private common = 0;
  private readonly seen = new Set<number>();
  private beyondKorean = false;

  add(piece: Buffer): void {
    for (let at = 0; at < piece.length; at++) {
      const lead = piece[at]!;
      if (lead < 0x80) continue;
      const trail = piece[at + 1] ?? 0;
      this.all++;
      const ideograph = lead >= 0xb0 && lead <= 0xd7 && trail >= 0xa1;
      if (ideograph || ((lead === 0xa1 || lead === 0xa3) && trail >= 0xa1)) this.common++;
      if (ideograph) {
        if (this.seen.size < ENOUGH) this.seen.add((lead << 8) | trail);
        if (lead > KOREAN_END) this.beyondKorean = true;
      }
      at += trail >= 0x30 && trail <= 0x39 ? 3 : 1;
    }
  }

  holds(): boolean {
    return this.all > 0 && this.common / this.all >= COMMON_SHARE && (this.beyondKorean || this.seen.size < ENOUGH);
  }
}
