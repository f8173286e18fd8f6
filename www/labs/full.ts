// The lab that answers every question: loaded when one is asked that the first view's does not cover.

import address from '../../pkg/hessian_lab_bg.wasm?url';
import LabWorker from './full.worker?worker&inline';

export default { address, LabWorker };
