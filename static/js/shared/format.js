/* How numbers are written; interviews/templatetags/formatting.py writes them the same way. */

/**
 * A moment of a recording: 75.23 is "1:15.2".
 * @param {number} seconds
 */
export function clock(seconds) {
  const tenths = Math.round(Math.max(0, seconds) * 10);
  const rest = tenths % 600;
  const tail = `${String(Math.floor(rest / 10)).padStart(2, "0")}.${rest % 10}`;
  const minutes = Math.floor(tenths / 600);
  const hours = Math.floor(minutes / 60);
  return hours ? `${hours}:${String(minutes % 60).padStart(2, "0")}:${tail}` : `${minutes}:${tail}`;
}

/**
 * Whole seconds that have passed: 75.9 is "1:15".
 * @param {number} seconds
 */
export function stopwatch(seconds) {
  const whole = Math.floor(Math.max(0, seconds));
  const rest = String(whole % 60).padStart(2, "0");
  const minutes = Math.floor(whole / 60);
  const hours = Math.floor(minutes / 60);
  return hours ? `${hours}:${String(minutes % 60).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

/**
 * The inverse of clock, forgiving: "1:15.2", "75.2" and "0:01:15" are moments; anything else is null.
 * @param {string} text
 * @returns {number | null} seconds
 */
export function parseClock(text) {
  const parts = text.trim().replace(",", ".").split(":");
  if (parts.length > 3 || !parts.every((part) => /^\d+(\.\d+)?$/.test(part))) return null;
  return parts.reduce((total, part) => total * 60 + Number(part), 0);
}

/**
 * A share 0..1 as whole per cent; what is neither nothing nor everything never looks like it.
 * @param {number | null | undefined} share
 */
export function percent(share) {
  if (share === null || share === undefined) return "–";
  if (share > 0 && share < 0.005) return "<1\u00a0%";
  if (share >= 0.995 && share < 1) return ">99\u00a0%";
  return `${Math.round(share * 100)}\u00a0%`;
}

/**
 * A value with two decimals.
 * @param {number | null | undefined} value
 */
export function fraction(value) {
  return value === null || value === undefined ? "–" : (Math.round(value * 100) / 100).toFixed(2);
}

/**
 * Bytes as Django's filesizeformat writes them.
 * @param {number} count
 */
export function bytes(count) {
  const units = ["bytes", "KB", "MB", "GB"];
  let unit = 0;
  let size = count;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? size : size.toFixed(1)} ${units[unit]}`;
}

/**
 * A date and time of day in the reader's time zone: "27 November 2026, 14:03".
 * @param {string} iso
 */
export function moment(iso) {
  const then = new Date(iso);
  const day = then.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });
  return `${day}, ${then.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" })}`;
}

/**
 * A wait in words: "about 4 minutes".
 * @param {number} seconds
 */
export function wait(seconds) {
  if (seconds < 5) return "a few seconds";
  if (seconds < 55) return `about ${Math.ceil(seconds / 5) * 5} seconds`;
  if (seconds < 90) return "about a minute";
  if (seconds < 3300) return `about ${Math.round(seconds / 60)} minutes`;
  const hours = Math.round(seconds / 1800) / 2;
  return hours === 1 ? "about an hour" : `about ${hours} hours`;
}
