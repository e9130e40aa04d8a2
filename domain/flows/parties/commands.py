"""What can be asked about dealers, their rights and their projects."""

from __future__ import annotations

from domain.flows.flow import Flows
from domain.flows.parties import appointing, enrolling, granting, licensing, projects

FLOWS: Flows = {
    enrolling.RegisterDealer: enrolling.register_dealer,
    enrolling.RegisterSubDealer: enrolling.register_sub_dealer,
    enrolling.RegisterAddress: enrolling.register_address,
    enrolling.RegisterCustomer: enrolling.register_customer,
    enrolling.GrantTemporaryLimit: enrolling.grant_temporary_limit,
    enrolling.SetCreditLimit: enrolling.set_credit_limit,
    enrolling.RegisterPermit: enrolling.register_permit,
    appointing.ApplyDealer: appointing.apply_dealer,
    appointing.CompleteFirstReview: appointing.complete_first_review,
    appointing.ActivateDealer: appointing.activate_dealer,
    appointing.ChangeTier: appointing.change_tier,
    appointing.SuspendDealer: appointing.suspend_dealer,
    appointing.ReinstateDealer: appointing.reinstate_dealer,
    appointing.TerminateDealer: appointing.terminate_dealer,
    appointing.WindUpDealer: appointing.wind_up_dealer,
    licensing.RegisterLicence: licensing.register_licence,
    licensing.RenewLicence: licensing.renew_licence,
    licensing.WatchLicences: licensing.watch_licences,
    granting.GrantTerritory: granting.grant_territory,
    granting.AmendTerritory: granting.amend_territory,
    granting.RevokeTerritory: granting.revoke_territory,
    granting.GrantCrossRegionException: granting.grant_exception,
    granting.CloseException: granting.close_exception,
    projects.RegisterProject: projects.register_project,
    projects.ExtendRegistration: projects.extend_registration,
    projects.ReleaseRegistration: projects.release_registration,
}
