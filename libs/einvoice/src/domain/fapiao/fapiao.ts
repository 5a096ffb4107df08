/**
 * A fully digital e-invoice (数电票) as data. Names are the abbreviations of pinyin that interfaces of the issuing platform use; the platform's own specification is given to enterprises that are connected to it, so a
 * connector maps them once more where it differs. Amounts are decimal texts in yuan.
 */
export interface Fapiao {
  /** 发票号码: 20 digits, given by the platform; null before it has issued. Year (2), region (2), channel (1), serial (15). */
  readonly fphm: string | null;
  /** 开票日期, `YYYY-MM-DD`. */
  readonly kprq: string;
  /** 发票票种: 01 增值税专用发票, 02 普通发票. */
  readonly fppz: '01' | '02';
  /** 蓝字 0, 红字 1. */
  readonly lzhzbz: '0' | '1';
  /** Of a red one: the blue one that it takes back, and why: 01 issued wrongly, 02 returned, 03 service ended, 04 allowance. */
  readonly lzfphm: string | null;
  readonly chyydm: '01' | '02' | '03' | '04' | null;
  readonly xsf: FapiaoParty;
  readonly gmf: FapiaoParty;
  readonly mxlist: readonly FapiaoLine[];
  /** 合计金额, 合计税额, 价税合计. Below zero on a red one. */
  readonly hjje: string;
  readonly hjse: string;
  readonly jshj: string;
  /** 备注: references that have no field of their own. */
  readonly bz: string | null;
}
export interface FapiaoParty {
  /** 名称, 统一社会信用代码/纳税人识别号 (a buyer abroad has none), 地址. */
  readonly mc: string;
  readonly nsrsbh: string | null;
  readonly dz: string | null;
}
export interface FapiaoLine {
  readonly xh: number;
  /** 发票行性质: 00 as usual, 01 discount, 02 discounted. */
  readonly fphxz: '00' | '01' | '02';
  /** 项目名称: `*short name of the class*name`. */
  readonly xmmc: string;
  readonly ggxh: string | null;
  readonly dw: string | null;
  readonly sl: string | null;
  readonly dj: string | null;
  readonly je: string;
  /** 税率: `0.06`. */
  readonly slv: string;
  readonly se: string;
  /** 商品和服务税收分类编码: 19 digits. */
  readonly spbm: string;
  /** 零税率标识: null where tax is charged, 0 zero for exports, 1 exempt, 2 not taxed. */
  readonly lslbs: '0' | '1' | '2' | null;
}

/** Two digits of the year, two of the region, one of the channel, fifteen of the serial. */
export const isFapiaoNumber = (text: string): boolean => /^\d{20}$/.test(text);
export interface FapiaoClass {
  readonly code: string;
  readonly shortName: string;
}
/** 信息技术服务: the class under which a seller that named none is written. Each seller's accountant decides on its own products. */
export const DEFAULT_CLASS: FapiaoClass = { code: '3040203000000000000', shortName: '信息技术服务' };
