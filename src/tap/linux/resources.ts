// What a capture holds, given back in the opposite order, whether it ends or does not even begin.

export class Resources {
  private readonly held: (() => void)[] = [];
  private readonly underWay: Promise<unknown>[] = [];

  /** Something to be given back: a function that does it. */
  add(giveBack: () => void): void {
    this.held.push(giveBack);
  }

  /** The same for what has a way to be closed. */
  use<T extends { close(): void }>(resource: T): T {
    this.held.push(() => resource.close());
    return resource;
  }

  /** Work on another thread that may yet get hold of something. */
  await(work: Promise<unknown>): void {
    this.underWay.push(work.catch(() => {}));
  }

  /** Waits for that work. */
  async settle(): Promise<void> {
    await Promise.all(this.underWay);
  }

  /** Gives everything back, once. What fails keeps nothing else from it. @throws the first error */
  close(): void {
    let failure: { readonly error: unknown } | null = null;
    for (let giveBack = this.held.pop(); giveBack !== undefined; giveBack = this.held.pop()) {
      try {
        giveBack();
      } catch (error) {
        failure ??= { error };
      }
    }
    if (failure !== null) throw failure.error;
  }
}
