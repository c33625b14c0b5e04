/** Everything of a list that AWS answers in pages. */
export async function readPages<T>(
  read: (token?: string) => Promise<{ items?: T[]; next?: string }>,
): Promise<T[]> {
  const found: T[] = [];
  let token: string | undefined;
  do {
    const page: { items?: T[]; next?: string } = await read(token);
    found.push(...(page.items ?? []));
    token = page.next || undefined;
  } while (token);
  return found;
}
