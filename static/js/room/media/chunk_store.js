/* The chunk store: the recording waits in this browser's own storage, which survives reloads and crashes. */

const DATABASE = "candor.room";
const DURABLE = { durability: "strict" }; // on the disk before we say that it is kept

/** Thrown when this device has no space for another chunk. */
export class StoreFull extends Error {}

/** Thrown when a chunk belongs to a take that was removed meanwhile. */
export class TakeGone extends Error {}

function promised(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** The keys of all chunks of a take. */
const allOf = (take) => IDBKeyRange.bound([take, 0], [take, Infinity]);

/**
 * Takes {id, room, number, mime_type, started_ms, chunks, complete} and their chunks {take, sequence, bytes, sha256}.
 * `number` is the server's, 0 until it knows of the take; `chunks` counts those made; `complete` means that no more
 * come.
 */
export class ChunkStore {
  static async open(room) {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => {
      const takes = request.result.createObjectStore("takes", { keyPath: "id" });
      takes.createIndex("room", "room");
      request.result.createObjectStore("chunks", { keyPath: ["take", "sequence"] });
    };
    return new ChunkStore(await promised(request), room);
  }

  constructor(database, room) {
    this.database = database;
    this.room = room;
  }

  /** Begins a take. */
  add({ id, mime_type, started_ms }) {
    const take = { id, room: this.room, number: 0, mime_type, started_ms, chunks: 0, complete: false };
    return this.write(["takes"], (takes) => takes.add(take));
  }

  /** The takes of this room, oldest first. */
  async takes() {
    const index = this.database.transaction("takes").objectStore("takes").index("room");
    const takes = await promised(index.getAll(this.room));
    return takes.sort((one, other) => one.started_ms - other.started_ms);
  }

  /** Changes some fields of a take; does nothing when it has gone. */
  update(id, fields) {
    return this.write(["takes"], async (takes) => {
      const take = await promised(takes.get(id));
      if (take) takes.put({ ...take, ...fields });
    });
  }

  /** Stores the take's next chunk, in one transaction with its count. Rejects with StoreFull or TakeGone. */
  put(id, { sequence, bytes, sha256 }) {
    return this.write(["takes", "chunks"], async (takes, chunks) => {
      const take = await promised(takes.get(id));
      if (!take) throw new TakeGone();
      chunks.put({ take: id, sequence, bytes, sha256 });
      takes.put({ ...take, chunks: sequence + 1 });
    });
  }

  /** The first chunk of a take that is still here, or undefined. */
  first(take) {
    return promised(this.chunks("readonly").get(allOf(take)));
  }

  /** How many chunks of the takes are still here. */
  async count(takes) {
    const counts = takes.map(({ id }) => promised(this.chunks("readonly").count(allOf(id))));
    return (await Promise.all(counts)).reduce((sum, one) => sum + one, 0);
  }

  /** The server has everything before `sequence`. */
  async acknowledge(take, sequence) {
    if (sequence === 0) return;
    await promised(this.chunks("readwrite").delete(IDBKeyRange.bound([take, 0], [take, sequence - 1])));
  }

  /** Forgets a take and its chunks. */
  remove(take) {
    return this.write(["takes", "chunks"], (takes, chunks) => {
      chunks.delete(allOf(take));
      takes.delete(take);
    });
  }

  chunks(mode) {
    return this.database.transaction("chunks", mode, DURABLE).objectStore("chunks");
  }

  /**
   * Runs `work` in one transaction; resolves once all of it is on the disk.
   * @param {string[]} names
   * @param {(...stores: IDBObjectStore[]) => unknown} work
   * @returns {Promise<void>}
   */
  write(names, work) {
    return new Promise((resolve, reject) => {
      const transaction = this.database.transaction(names, "readwrite", DURABLE);
      let problem = null;
      const fail = (error) => reject(error?.name === "QuotaExceededError" ? new StoreFull() : error);
      transaction.oncomplete = () => (problem ? fail(problem) : resolve());
      transaction.onabort = () => fail(transaction.error);
      Promise.resolve(work(...names.map((name) => transaction.objectStore(name)))).catch((error) => (problem = error));
    });
  }
}
