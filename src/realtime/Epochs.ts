/** The newest epochs of policy and access that any read of this process has seen. */
export class Epochs {
  policy = 0;
  access = 0;

  /** Takes note of epochs that were read; returns whether one of them is news. */
  observe(seen: { policyEpoch: number; accessEpoch: number }): boolean {
    const isNews = seen.policyEpoch > this.policy || seen.accessEpoch > this.access;
    this.policy = Math.max(this.policy, seen.policyEpoch);
    this.access = Math.max(this.access, seen.accessEpoch);
    return isNews;
  }
}
