/* The one way in which pages talk to the JSON API. */

/** An answer that is not a success. `data` is the parsed body, `sentence` what to show when no field is named. */
export class ApiError extends Error {
  /**
   * @param {number} status 0 when nothing answered
   * @param {any} data
   */
  constructor(status, data) {
    super(sentenceOf(status, data));
    this.status = status;
    this.data = data;
  }

  get sentence() {
    return this.message;
  }

  /** Whether trying the same again later may help. */
  get isPassing() {
    return this.status === 0 || this.status >= 500 || this.status === 429;
  }
}

export function csrfToken() {
  const found = document.cookie.match(/(?:^|;\s*)csrftoken=([^;]+)/);
  return found ? decodeURIComponent(found[1]) : "";
}

/**
 * Fetch JSON. Resolves to the parsed body (null for 204); rejects with ApiError, status 0 when nothing answered.
 * @param {"GET" | "POST" | "PUT" | "PATCH" | "DELETE"} method
 * @param {string} url
 * @param {unknown} [body] sent as JSON
 * @param {{signal?: AbortSignal}} [options] `signal` aborts it, as if nothing had answered
 * @returns {Promise<any>}
 */
export async function api(method, url, body, { signal } = {}) {
  let response;
  try {
    response = await fetch(url, {
      method,
      credentials: "same-origin",
      headers: {
        Accept: "application/json",
        ...(method === "GET" ? {} : { "X-CSRFToken": csrfToken() }),
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal,
    });
  } catch {
    throw new ApiError(0, null);
  }
  const data = await parsed(response);
  if (!response.ok) throw new ApiError(response.status, data);
  return data;
}

async function parsed(response) {
  if (response.status === 204) return null;
  try {
    return await response.json();
  } catch {
    return null;
  }
}

/**
 * The first sentence of an answer of Django REST framework, or one of ours.
 * @param {number} status
 * @param {any} data
 * @returns {string}
 */
export function sentenceOf(status, data) {
  if (status === 0) return "The server cannot be reached. Check the connection and try again.";
  const detail = data && typeof data.detail === "string" ? data.detail : "";
  if (status === 401 || (status === 403 && /^(Authentication|CSRF)/.test(detail))) {
    return "You are no longer logged in. Log in in another tab, then try again here.";
  }
  if (status === 404) return "This no longer exists. Someone may have deleted it.";
  if (detail) return detail;
  if (status < 500 && data && typeof data === "object") {
    const first = Object.values(data).flat()[0];
    if (typeof first === "string") return first;
  }
  return status >= 500
    ? "Something went wrong on the server. Nothing was changed; try again in a moment."
    : "The server did not accept this.";
}
