// One application on the page: asks the core, keeps the last answer while the next is computed, and draws it.

import { Client } from '../../client';
import { inView, type Picture } from '../../picture';
import { DEFAULT_STATE, type State } from '../../state';
import type { Answer, Question } from '../../worker';
import type { LensHost, LensReading } from '../lens';
import type { ApplicationFigure, ApplicationModule, ApplicationUpdate } from './application';
import { minimumButtons } from './minimum';
import { Waiting } from './waiting';

/** The core's refusal, field: reason, as a sentence; and what became of a worker. */
const SENTENCES = {
  refused: (message: string) => `This can’t be answered here: ${message.replace(/\.$/, '')}.`,
  broken: (message: string) => `The calculation stopped: ${message}. Change any setting to try again.`,
};
const CANCELLED = 'Cancelled. Change any setting to compute it again.';
const NO_TABLE = () => ({ columns: [], rows: [] });

export class ApplicationPanel {
  readonly element = document.createElement('div');
  /** What leads to a minimum, where the application needs one. */
  readonly aside = document.createElement('div');
  readonly #figure = document.createElement('div');
  readonly #module: ApplicationModule;
  readonly #drawn: ApplicationFigure;
  readonly #waiting: Waiting;
  readonly #host: LensHost;
  readonly #client: Client<Picture>;
  #asked = '';
  #answered = '';
  #state: State = DEFAULT_STATE;
  #answer: { readonly answer: Answer; readonly picture: Picture } | null = null;
  #failure = '';

  constructor(module: ApplicationModule, host: LensHost) {
    this.#module = module;
    this.#host = host;
    this.element.className = 'application';
    this.#figure.className = 'application-figure';
    this.#waiting = new Waiting(() => this.#cancel());
    this.element.append(this.#figure, this.#waiting.element);
    if (module.atMinimum) this.aside.append(minimumButtons(host, () => this.#state));
    this.#drawn = module.build(this.#figure, host);
    this.#client = new Client<Picture>({
      onReport: (answer, picture) => this.#receive({ answer, picture }, ''),
      onFailure: (message, outcome) => this.#receive(null, SENTENCES[outcome](message)),
    });
  }

  show(picture: Picture, settled: boolean): LensReading {
    this.#state = picture.state;
    const question = this.#module.ask(picture.state);
    const refused = typeof question === 'string';
    const asked = refused ? '' : JSON.stringify(question);
    this.#drawn.control(picture.state);
    if (asked !== this.#asked) this.#leave();
    if (!refused && asked !== this.#asked) this.#ask(question, picture, asked);
    this.#asked = asked;
    const reason = refused ? question : this.#failure;
    this.#figure.classList.toggle('is-empty', reason !== '' || !this.#answer);
    if (reason !== '' || !this.#answer) return { claim: this.#module.claim, sentence: reason, table: NO_TABLE };
    const { answer, picture: drawn } = this.#answer;
    const reading = this.#drawn.update(
      answer as Parameters<ApplicationUpdate>[0],
      inView(drawn, picture.state),
      settled,
    );
    return { claim: this.#module.claim, ...reading };
  }

  /** Ends the question under way, while another application is looked at; what retraining finds out is kept, so it goes on. */
  rest(): void {
    this.#client.close();
    this.#waiting.stop();
    this.#asked = this.#answered;
  }

  #ask(question: Question, picture: Picture, asked: string): void {
    const answer = !this.#client.isBusy && 'experiment' in question && this.#host.near(question.experiment);
    if (answer) {
      this.#answer = { answer, picture };
      this.#answered = asked;
      this.#failure = '';
      return;
    }
    this.#client.ask(question, picture);
    this.#waiting.start();
  }

  /** The question before is no longer of interest, nor that it was cancelled. */
  #leave(): void {
    this.#waiting.stop();
    if (this.#failure === CANCELLED) this.#failure = '';
  }

  #cancel(): void {
    this.#client.close();
    this.#failure = CANCELLED;
    this.#host.redraw();
  }

  #receive(answer: { answer: Answer; picture: Picture } | null, failure: string): void {
    if (answer) this.#answer = answer;
    this.#answered = this.#asked;
    this.#failure = failure;
    this.#waiting.stop();
    this.#host.redraw();
  }
}
