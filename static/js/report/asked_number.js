/* A page whose address names a number, such as "#eye_gaze-center" or "#why-confidence", opens its seconds. */

export function openAskedNumber() {
  const number = document.getElementById(location.hash.slice(1));
  if (!number?.matches("[data-walk-path], [data-why]")) return;
  const folded = number.closest("details");
  if (folded) folded.open = true;
  number.scrollIntoView({ block: "nearest" });
  number.click();
}
