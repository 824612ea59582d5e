/* What the type check is told of the pages. Browsers never load this file. */

/** Chart.js, from a script of its own. */
interface Window {
  Chart: any;
}

/* Scripts look for elements of their own templates: they are there, and of the kind that the script expects. */
interface ParentNode {
  querySelector(selectors: string): any;
  querySelectorAll(selectors: string): NodeListOf<any>;
}

interface Document {
  getElementById(elementId: string): any;
}

/* The audio thread of room/media/pcm-worklet.js. */
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}

declare const sampleRate: number;
declare const currentFrame: number;
declare function registerProcessor(name: string, processor: typeof AudioWorkletProcessor): void;
