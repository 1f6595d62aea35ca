/** Waiting for what cannot be awaited: a file that another program writes, a page that draws when it likes. */

/** Tried again until it holds; its last complaint is the test's. */
export async function eventually(holds: () => void | Promise<void>, withinMs = 60_000): Promise<void> {
  for (const end = Date.now() + withinMs; ;) {
    try {
      return await holds();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise(resolve => setTimeout(resolve, 100));
    }
  }
}
