/** Both epochs, as some read has seen them. */
export interface SeenEpochs {
  policyEpoch: number;
  accessEpoch: number;
}

/** The newest epochs of policy and access that any read of this process has seen. */
export class Epochs {
  policy = 0;
  access = 0;

  /** Takes note of epochs that were read. @returns which of them are news. */
  observe(seen: SeenEpochs): { policy: boolean; access: boolean } {
    const news = { policy: seen.policyEpoch > this.policy, access: seen.accessEpoch > this.access };
    this.policy = Math.max(this.policy, seen.policyEpoch);
    this.access = Math.max(this.access, seen.accessEpoch);
    return news;
  }
}
