import type { Citation, Confidence } from '../domain/rulebook.js';

type Cite = (article: string, confidence: Confidence) => Citation;
const source = (name: string, effectiveFrom: string): Cite => (article, confidence) => ({ source: `${name} ${article}`, confidence, effectiveFrom, effectiveTo: null });

/** The instruments that the mainland rulebook cites, with the day from which each holds. */
export const PIPL = source('PIPL', '2021-11-01');
export const DSL = source('DSL', '2021-09-01');
export const CSL = source('CSL (2016)', '2017-06-01');
/** Network Data Security Management Regulations (网络数据安全管理条例). */
export const NDSMR = source('Network Data Security Management Regulations', '2025-01-01');
/** 促进和规范数据跨境流动规定. */
export const ORDER_16 = source('CAC Order 16 (2024-03-22)', '2024-03-22');
/** 数据出境安全评估办法. */
export const ORDER_11 = source('CAC Order 11', '2022-09-01');
/** 个人信息出境标准合同办法. */
export const ORDER_13 = source('CAC Order 13', '2023-06-01');
/** 个人信息出境认证办法. */
export const ORDER_20 = source('CAC and SAMR Order 20', '2026-01-01');
/** 临港新片区数据跨境流动分类分级管理办法(试行). */
export const LINGANG_MEASURES = source('Lingang data classification measures (trial)', '2024-02-08');
export const POLICY = source('Rules of this exchange', '2021-09-01');
