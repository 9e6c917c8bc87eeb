"""Customers, by the API."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from customers.api_shapes import CustomerFields, CustomerFilters, CustomerShape, filtered
from customers.keeping import Nameless, TakenByAnother, add_customer, change_customer
from customers.models import Customer
from tenancy.api import OrganizationView
from tenancy.api_errors import Conflict
from tenancy.api_paging import page_of
from tenancy.api_schema import pages_of


class CustomerList(OrganizationView):
    scopes = {"GET": "customers:read", "POST": "customers:write"}

    @extend_schema(
        operation_id="list_customers",
        summary="Customers, newest first",
        parameters=[CustomerFilters],
        responses=pages_of(CustomerShape),
    )
    def get(self, request):
        query = CustomerFilters.read(request.query_params.dict())
        return page_of(filtered(query), query, request, CustomerShape)

    @extend_schema(
        operation_id="add_customer",
        summary="Add a customer",
        description="409 when another customer has the address or the external id; change them with PATCH.",
        request=CustomerFields,
        responses={
            201: CustomerShape,
            200: OpenApiResponse(CustomerShape, description="They were there and are as you say."),
        },
    )
    def post(self, request):
        values = CustomerFields.read(request.data)
        customer, is_new = kept(lambda: add_customer(values, by=self.actor))
        return Response(CustomerShape.write(customer), status=201 if is_new else 200)


class CustomerDetail(OrganizationView):
    scopes = {"GET": "customers:read", "PATCH": "customers:write"}

    @extend_schema(operation_id="get_customer", summary="One customer", responses=CustomerShape)
    def get(self, request, pk):
        return Response(CustomerShape.write(get_object_or_404(Customer.objects.filter(erased_at=None), pk=pk)))

    @extend_schema(
        operation_id="change_customer",
        summary="Change a customer",
        description="Fields that are not given stay as they are.",
        request=CustomerFields,
        responses=CustomerShape,
    )
    def patch(self, request, pk):
        rows = Customer.objects.filter(erased_at=None).select_for_update()
        customer = get_object_or_404(rows, pk=pk)
        values = CustomerFields.read(request.data)
        kept(lambda: change_customer(customer, values, by=self.actor))
        return Response(CustomerShape.write(customer))


def kept(deed: Any) -> Any:
    """What `deed` returns; its refusals as the API says them."""
    try:
        return deed()
    except Nameless as error:
        raise serializers.ValidationError(str(error), "missing")
    except TakenByAnother as error:
        other = str(error.customer.pk) if error.customer else None
        raise Conflict(str(error), "taken", field=error.field, customer=other)
