/* The list of questions as data: what is shown, and what is stored after an edit. */

/**
 * The list as it stands: prepared questions in their order, then free ones; each {prepared, mark, text, at_s}.
 * @param {any[]} prepared
 * @param {any[]} asked
 */
export function merged(prepared, asked) {
  const free = asked.filter((question) => !question.prepared);
  return [
    ...prepared.map(({ id, text, asked: mark }) => {
      return { prepared: id, mark: mark?.id ?? null, text, at_s: mark?.at_s ?? null };
    }),
    ...free.map(({ id, text, at_s: atS }) => ({ prepared: null, mark: id, text: text || "A question", at_s: atS })),
  ];
}

/**
 * What to store when the lines of the editor replace the questions still to ask: asked ones stay, known lines keep
 * their id.
 * @param {any[]} prepared
 * @param {string} text of the editor
 */
export function replaced(prepared, text) {
  const open = prepared.filter(({ asked }) => !asked);
  const lines = text.split("\n").map((line) => line.trim().replace(/\s+/g, " ")).filter(Boolean);
  const asked = prepared.filter((question) => question.asked).map(({ id, text: words }) => ({ id, text: words }));
  const kept = lines.map((line) => {
    const index = open.findIndex((question) => question.text === line);
    return { id: index < 0 ? null : open.splice(index, 1)[0].id, text: line };
  });
  return [...asked, ...kept];
}
