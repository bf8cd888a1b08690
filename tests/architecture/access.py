"""Who may enter which route: the role matrix. A route without an entry fails tests/architecture/test_matrix.py.

Residents bear the resident's cookie, staff the staff's; nobody bears both. `OTHERS` are refused, each in the way that tells
them no more than they need: to sign in (401 or a redirect to it), 403 for a role that never may, 404 for another's object.
"""

from enum import Enum


class Role(Enum):
    """Everybody who may stand before a door."""

    STRANGER = "not signed in"
    PHONE = "a phone signed in without a person"
    OWNER = "the person whose object it is"
    AGENT = "the same person, acting for an enterprise"
    NEIGHBOUR = "another person"
    REVIEWER = "a reviewer of the item's department"
    HEAD = "the head of the item's department"
    ELSEWHERE = "a reviewer of the same department, for another district"
    COLLEAGUE = "a reviewer of another department"
    SUPERVISOR = "a supervisor"
    ADMINISTRATOR = "an administrator"
    AUDITOR = "an auditor"


R = Role
EVERYBODY = frozenset(R)
RESIDENTS = frozenset({R.OWNER, R.AGENT, R.NEIGHBOUR})
DECIDERS = frozenset({R.REVIEWER, R.HEAD, R.ELSEWHERE, R.COLLEAGUE})
STAFF = DECIDERS | {R.SUPERVISOR, R.ADMINISTRATOR, R.AUDITOR}


class Access(Enum):
    """Kinds of doors: who may enter."""

    NOBODY = frozenset()
    ANYBODY = EVERYBODY
    PHONE = RESIDENTS | {R.PHONE}
    PERSON = RESIDENTS
    OWNER = frozenset({R.OWNER})
    EITHER_SELF = frozenset({R.OWNER, R.AGENT})
    DEPARTMENT = frozenset({R.REVIEWER, R.HEAD})
    DECIDERS = DECIDERS
    STAFF = STAFF
    ONESELF = frozenset({R.REVIEWER})
    ADMINISTRATOR = frozenset({R.ADMINISTRATOR})
    AUDITOR = frozenset({R.AUDITOR})
    ADMINISTRATOR_OR_AUDITOR = frozenset({R.ADMINISTRATOR, R.AUDITOR})
    SUPERVISOR = frozenset({R.SUPERVISOR})


A = Access
ACCESS: dict[str, Access] = {
    # open to everybody
    "GET /": A.ANYBODY,
    "GET /healthz": A.ANYBODY,
    "GET /service-worker.js": A.ANYBODY,
    "GET /manifest.webmanifest": A.ANYBODY,
    "GET /readyz": A.ANYBODY,
    "GET /privacy": A.ANYBODY,
    "GET /sign-in": A.ANYBODY,
    "POST /sign-in": A.ANYBODY,
    "GET /sign-in/code": A.ANYBODY,
    "POST /sign-in/code": A.ANYBODY,
    "POST /sign-in/again": A.ANYBODY,
    "POST /sign-out": A.ANYBODY,
    "POST /settings": A.ANYBODY,
    "GET /me": A.ANYBODY,
    "GET /me/settings": A.ANYBODY,
    "GET /search": A.ANYBODY,
    "GET /search/suggestions": A.ANYBODY,
    "GET /services/departments/{department_id}": A.ANYBODY,
    "GET /services/events/{event_id}": A.ANYBODY,
    "GET /services": A.ANYBODY,
    "GET /services/{service_id}": A.ANYBODY,
    "GET /receipts/key": A.ANYBODY,
    "GET /push/key": A.ANYBODY,
    "POST /push/shown/{token}": A.ANYBODY,  # only a phone that got the push knows the token
    "GET /receipts/verify": A.ANYBODY,
    "POST /receipts/verify": A.ANYBODY,
    "GET /desk/sign-in": A.ANYBODY,
    "POST /desk/sign-in": A.ANYBODY,
    "POST /desk/sign-out": A.ANYBODY,
    "GET /desk/sign-in/code": A.ANYBODY,  # the steps of a sign-in know each other by a ticket of their own
    "POST /desk/sign-in/code": A.ANYBODY,
    "GET /desk/sign-in/password": A.ANYBODY,
    "POST /desk/sign-in/password": A.ANYBODY,
    "GET /desk/sign-in/second-factor": A.ANYBODY,
    "POST /desk/sign-in/second-factor": A.ANYBODY,
    "POST /api/sign-in/code": A.ANYBODY,
    "POST /api/sign-in": A.ANYBODY,
    "GET /api/catalogue": A.ANYBODY,
    "GET /api/services/{service_id}/editions/{edition_id}": A.ANYBODY,
    "GET /api/divisions/{code}/children": A.ANYBODY,
    "GET /points": A.ANYBODY,
    "OPTIONS /api/uploads": A.ANYBODY,
    "OPTIONS /api/uploads/{upload_id}": A.ANYBODY,
    # a signed-in phone, before the real-name check
    "GET /real-name": A.PHONE,
    "POST /real-name": A.PHONE,
    "GET /me/devices": A.PHONE,
    "GET /api/me": A.PHONE,
    # a person: lists that show each their own
    "GET /cases": A.PERSON,
    "GET /messages": A.PERSON,
    "GET /messages/stream": A.PERSON,
    "GET /messages/news": A.PERSON,
    "GET /desk/messages/stream": A.STAFF,
    "GET /desk/messages/news": A.STAFF,
    "POST /messages/reading": A.PERSON,
    "GET /drafts": A.PERSON,
    "GET /me/lookups": A.PERSON,
    "GET /me/notifications": A.PERSON,
    "POST /me/notifications": A.PERSON,
    "POST /me/notifications/test": A.PERSON,
    "GET /me/enterprises": A.PERSON,
    "POST /me/enterprises": A.PERSON,
    "POST /me/acting": A.PERSON,
    "GET /services/{service_id}/start": A.PERSON,
    "POST /services/{service_id}/drafts": A.PERSON,
    "POST /api/me/enterprises": A.PERSON,
    "PUT /api/me/acting": A.PERSON,
    "GET /api/drafts": A.PERSON,
    "GET /api/cases": A.PERSON,
    "GET /api/messages": A.PERSON,
    "GET /api/me/notifications": A.PERSON,
    "PUT /api/me/notifications": A.PERSON,
    "POST /api/uploads": A.PERSON,
    "PUT /api/push-subscriptions/{subscription_id}": A.PERSON,  # a browser belongs to whoever uses it now
    "DELETE /api/push-subscriptions/{subscription_id}": A.PERSON,  # another's stays
    # one's own things
    "GET /cases/{number}": A.OWNER,
    "GET /cases/{number}/filing": A.OWNER,
    "GET /cases/{number}/withdrawal": A.OWNER,
    "POST /cases/{number}/withdrawal": A.OWNER,
    "GET /cases/{number}/stream": A.OWNER,
    "GET /cases/{number}/documents/{document_id}/pages/{page}": A.OWNER,
    "GET /cases/{number}/documents/{document_id}/original": A.OWNER,
    "GET /cases/{number}/items/{item_id}/correction": A.OWNER,
    "POST /cases/{number}/items/{item_id}/correction": A.OWNER,
    "GET /messages/{message_id}": A.EITHER_SELF,  # in another identity it says whose it is, and nothing that it says
    "GET /messages/{message_id}/deliveries": A.OWNER,
    "GET /documents/{document_id}/pages/{number}": A.OWNER,
    "GET /documents/{document_id}/original": A.OWNER,
    "GET /forms/{service_id}/{edition_id}/{page_id}": A.OWNER,
    "POST /forms/{service_id}/{edition_id}/{page_id}": A.OWNER,
    "POST /drafts/{draft_id}/documents": A.PERSON,
    "GET /drafts/{draft_id}/documents/{document_id}": A.OWNER,
    "POST /drafts/{draft_id}/documents/{document_id}/removal": A.OWNER,
    "GET /drafts/{draft_id}/removal": A.OWNER,
    "POST /drafts/{draft_id}/removal": A.OWNER,
    "POST /drafts/{draft_id}/edition": A.OWNER,
    "GET /drafts/{draft_id}/review": A.OWNER,
    "GET /drafts/{draft_id}/outlook": A.OWNER,
    "GET /drafts/{draft_id}/lookups": A.OWNER,
    "POST /drafts/{draft_id}/lookups": A.OWNER,
    "GET /drafts/{draft_id}/lookups/results": A.OWNER,
    "GET /drafts/{draft_id}/lookups/{lookup_id}/dispute": A.OWNER,
    "POST /drafts/{draft_id}/lookups/{lookup_id}/dispute": A.OWNER,
    "POST /drafts/{draft_id}/submission": A.OWNER,
    "GET /receipts/{number}": A.OWNER,
    "GET /receipts/{number}.json": A.OWNER,
    "POST /me/sessions/{session_id}/end": A.EITHER_SELF,
    "GET /api/drafts/{draft_id}": A.OWNER,
    "PUT /api/drafts/{draft_id}": A.OWNER,
    "DELETE /api/drafts/{draft_id}": A.OWNER,
    "POST /api/drafts/{draft_id}/submission": A.OWNER,
    "GET /api/drafts/{draft_id}/lookups": A.OWNER,
    "POST /api/drafts/{draft_id}/lookups": A.OWNER,
    "GET /api/drafts/{draft_id}/documents": A.PERSON,
    "HEAD /api/uploads/{upload_id}": A.OWNER,
    "PATCH /api/uploads/{upload_id}": A.OWNER,
    "POST /callbacks/sms": A.NOBODY,  # opened by a signature, by no session
    "POST /callbacks/sms/aliyun/{token}": A.NOBODY,  # opened by its own address
    "POST /api/uploads/{upload_id}": A.NOBODY,  # tus's override of a method is answered 405
    "GET /api/cases/{number}": A.OWNER,
    "POST /api/cases/{number}/items/{item}/correction-reply": A.OWNER,
    "POST /api/cases/{number}/withdrawal": A.OWNER,
    # every member of staff: their own account
    "GET /desk/overview": A.SUPERVISOR,
    "GET /desk/messages": A.STAFF,
    "POST /desk/messages/reading": A.STAFF,
    "GET /desk/messages/{message_id}": A.ONESELF,
    "GET /desk/account": A.STAFF,
    "GET /desk/account/password": A.STAFF,
    "POST /desk/account/password": A.STAFF,
    "GET /desk/account/recovery-codes": A.STAFF,
    "POST /desk/account/recovery-codes": A.STAFF,
    "POST /desk/account/recovery-codes/kept": A.STAFF,
    "POST /desk/account/sessions/{session_id}/end": A.ONESELF,
    "GET /desk/push-subscriptions/{subscription_id}": A.ONESELF,
    "PUT /desk/push-subscriptions/{subscription_id}": A.STAFF,
    "DELETE /desk/push-subscriptions/{subscription_id}": A.STAFF,
    # the auditor, who sees records and nothing else
    "GET /desk/records": A.AUDITOR,
    "GET /desk/records.csv": A.AUDITOR,
    "GET /desk/looks": A.AUDITOR,
    "GET /desk/looks.csv": A.AUDITOR,
    "GET /desk/texts": A.ADMINISTRATOR_OR_AUDITOR,
    # the departments' desk
    "GET /desk": A.DECIDERS,
    "POST /desk/search": A.DECIDERS,
    "GET /desk/items/{number}/{item_id}": A.DEPARTMENT,
    "POST /desk/items/{number}/{item_id}/claim": A.DEPARTMENT,
    "POST /desk/items/{number}/{item_id}/release": A.DEPARTMENT,
    "POST /desk/items/{number}/{item_id}/decision": A.DEPARTMENT,
    "POST /desk/items/{number}/{item_id}/result": A.DEPARTMENT,
    "GET /desk/documents/{document_id}/pages/{number}": A.DEPARTMENT,
    "GET /desk/documents/{document_id}/original": A.DEPARTMENT,
    # the administrators' screens
    "GET /desk/staff": A.ADMINISTRATOR,
    "GET /desk/staff/roles": A.ADMINISTRATOR,
    "GET /desk/staff/new": A.ADMINISTRATOR,
    "POST /desk/staff/new": A.ADMINISTRATOR,
    "GET /desk/staff/{staff_id}": A.ADMINISTRATOR,
    "POST /desk/staff/{staff_id}": A.ADMINISTRATOR,
    "POST /desk/staff/{staff_id}/password": A.ADMINISTRATOR,
    "POST /desk/staff/{staff_id}/second-factor": A.ADMINISTRATOR,
    "POST /desk/staff/{staff_id}/unlock": A.ADMINISTRATOR,
    "POST /desk/staff/{staff_id}/closing": A.ADMINISTRATOR,
    "POST /desk/staff/{staff_id}/opening": A.ADMINISTRATOR,
    "GET /desk/departments": A.ADMINISTRATOR,
    "GET /desk/departments/{department_id}": A.ADMINISTRATOR,
    "POST /desk/departments/{department_id}": A.ADMINISTRATOR,
    "GET /desk/divisions": A.ADMINISTRATOR,
    "POST /desk/divisions": A.ADMINISTRATOR,
    "GET /desk/divisions/{code}": A.ADMINISTRATOR,
    "POST /desk/divisions/{code}": A.ADMINISTRATOR,
    "POST /desk/divisions/{code}/closing": A.ADMINISTRATOR,
    "POST /desk/divisions/{code}/opening": A.ADMINISTRATOR,
    "GET /desk/points": A.ADMINISTRATOR,
    "GET /desk/points/new": A.ADMINISTRATOR,
    "POST /desk/points/new": A.ADMINISTRATOR,
    "GET /desk/points/{point_id}": A.ADMINISTRATOR,
    "POST /desk/points/{point_id}": A.ADMINISTRATOR,
    "POST /desk/points/{point_id}/closing": A.ADMINISTRATOR,
    "POST /desk/points/{point_id}/opening": A.ADMINISTRATOR,
    "GET /desk/calendar": A.ADMINISTRATOR,
    "POST /desk/calendar": A.ADMINISTRATOR,
    "POST /desk/calendar/{day}/removal": A.ADMINISTRATOR,
    "GET /desk/deliveries": A.ADMINISTRATOR,
    "GET /desk/deliveries/{delivery_id}": A.ADMINISTRATOR,
    "POST /desk/deliveries/{delivery_id}/sending": A.ADMINISTRATOR,
    "POST /desk/deliveries/alerts/{alert_id}/closing": A.ADMINISTRATOR,
    "GET /desk/town": A.ADMINISTRATOR,
    "POST /desk/town": A.ADMINISTRATOR,
}
