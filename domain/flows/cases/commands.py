"""What can be asked about sightings, cases of diversion and recalls."""

from __future__ import annotations

from domain.flows.cases import (
    collecting,
    investigating,
    observing,
    recalling,
    rejudging,
    revoking,
    ruling,
    sentencing,
    serving,
    watching,
)
from domain.flows.flow import Flows

FLOWS: Flows = {
    observing.RecordInstallation: observing.record_installation,
    observing.ObserveScan: observing.observe_scan,
    serving.RequestService: serving.request_service,
    serving.RegisterWarranty: serving.register_warranty,
    serving.RelocateDevice: serving.relocate_device,
    serving.MarkWarrantyExpired: serving.mark_warranty_expired,
    revoking.DeclareError: revoking.declare_error,
    watching.RecordMarketPrice: watching.record_market_price,
    watching.RecordListing: watching.record_listing,
    watching.WatchDealer: watching.watch_dealer,
    rejudging.DetectAgain: rejudging.detect_again,
    recalling.OpenRecall: recalling.open_recall,
    collecting.NotifyConsignee: collecting.notify_consignee,
    collecting.AcknowledgeRecall: collecting.acknowledge_recall,
    collecting.RecordRecovery: collecting.record_recovery,
    collecting.CheckEffectiveness: collecting.check_effectiveness,
    collecting.CloseRecall: collecting.close_recall,
    ruling.SetDetectionThresholds: ruling.set_detection_thresholds,
    ruling.NameServiceCentres: ruling.name_service_centres,
    ruling.RecordEmergency: ruling.record_emergency,
    ruling.SetPotential: ruling.set_potential,
    investigating.Triage: investigating.triage,
    investigating.AssignCase: investigating.assign_case,
    investigating.RequestDealerResponse: investigating.request_dealer_response,
    investigating.SubmitResponse: investigating.submit_response,
    investigating.AddEvidence: investigating.add_evidence,
    investigating.MergeCase: investigating.merge_case,
    investigating.CloseCase: investigating.close_case,
    investigating.ReopenCase: investigating.reopen_case,
    sentencing.SupportDecision: sentencing.support_decision,
    sentencing.DecideCase: sentencing.decide_case,
    sentencing.ApplySanction: sentencing.apply_sanction,
    sentencing.Appeal: sentencing.appeal,
    sentencing.DecideAppeal: sentencing.decide_appeal,
}
